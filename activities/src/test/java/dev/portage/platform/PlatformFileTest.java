package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.document.ValidationError;
import dev.portage.settings.Station;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformFileTest {

  private static final String TEXT =
      """
      workspaces:
        dev:  { mlflow: "http://127.0.0.1:5001" }
        prod: { mlflow: "http://127.0.0.1:5002" }
      identity: claimed
      """;

  @TempDir Path folder;

  @Test
  void aChangedFileAppliesFromItsNextUse() throws IOException {
    PlatformFile file = write(TEXT);
    assertThat(file.platform().tierOf("churn").orElseThrow().approve())
        .containsExactly("approvers");

    write(TEXT + "tiers: { all: { models: \"*\", approve: owners } }\n");

    assertThat(file.platform().tierOf("churn").orElseThrow().approve()).containsExactly("owners");
    assertThat(file.platform()).isSameAs(file.platform());
  }

  @Test
  void aMissingFileSaysHowToNameIt() {
    assertThat(new PlatformFile(Path.of("none", "portage.yaml"), TestKinds.ALL).read().faults())
        .extracting(ValidationError::toString)
        .containsExactly(
            "none/portage.yaml:1: file not found; set it with --platform FILE or PORTAGE_PLATFORM");
  }

  @Test
  void aBinaryFileIsRefused() throws IOException {
    Path path = Files.write(folder.resolve("portage.yaml"), new byte[] {(byte) 0xc3, (byte) 0x28});
    assertThat(new PlatformFile(path, TestKinds.ALL).read().faults())
        .singleElement()
        .asString()
        .contains("is not UTF-8 text");
  }

  @Test
  void aFileBrokenDuringWorkIsAUserErrorUntilItIsFixed() throws IOException {
    PlatformFile file = write(TEXT);
    file.platform();
    write(TEXT.replace("identity: claimed", "identity: [x]"));
    assertThat(catchThrowableOfType(ApplicationFailure.class, file::platform))
        .hasMessageContaining("portage.yaml:4");
    write(TEXT);
    assertThat(file.platform().path()).containsExactly("dev", "prod");
  }

  @Test
  void secretsAreReadFromTheFilesFolder() throws IOException {
    assertThat(write(TEXT).folder()).isEqualTo(folder.toAbsolutePath());
  }

  @Test
  void theDoctorInspectsAllWorkspacesInOrderOfThePath() throws IOException {
    PlatformFile file =
        write(
            TEXT.replace(
                "identity",
                "  lab: { mlflow: \"http://127.0.0.1:5003\" }\npath: [prod, dev]\nidentity"));
    assertThat(new PlatformWorkspaces(file).workspaces()).containsExactly("prod", "dev", "lab");
  }

  /** A command is about a model; what it is called where follows from the platform file. */
  @ParameterizedTest
  @CsvSource({
    "churn, churn_dev, ml.prod.churn, churn",
    "churn_dev, churn_dev, ml.prod.churn, churn",
    "ml.prod.churn, churn_dev, ml.prod.churn, churn",
    "ML.Prod.churn, churn_dev, ml.prod.churn, churn",
    "_dev, _dev_dev, ml.prod._dev, _dev",
    "Churn Model, Churn Model_dev, ml.prod.churn model, Churn Model"
  })
  void aModelIsFoundByItsNameAndByTheFullNameOfARegisteredModel(
      String asked, String dev, String prod, String lab) throws IOException {
    PlatformFile file =
        write(
            """
            workspaces:
              dev: { mlflow: "http://127.0.0.1:5001", models: "{model}_dev" }
              prod: { mlflow: "http://127.0.0.1:5002", models: "ml.prod.{model}" }
              lab: { mlflow: "http://127.0.0.1:5003" }
            path: [dev, prod]
            identity: claimed
            tiers: { rest: { models: ["*"] } }
            """);

    assertThat(new PlatformWorkspaces(file).stations(asked))
        .extracting(Station::workspace, Station::model)
        .containsExactly(tuple("dev", dev), tuple("prod", prod), tuple("lab", lab));
  }

  private PlatformFile write(String text) throws IOException {
    return new PlatformFile(Files.writeString(folder.resolve("portage.yaml"), text), TestKinds.ALL);
  }
}
