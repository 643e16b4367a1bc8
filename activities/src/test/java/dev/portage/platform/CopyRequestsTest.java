package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.settings.CopyRequest;
import dev.portage.settings.CopySettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyRequestsTest {

  private static final String PLATFORM =
      """
      workspaces:
        dev:  { mlflow: "http://127.0.0.1:5001" }
        qa:   { mlflow: "http://127.0.0.1:5002", models: "qa-{model}" }
        prod: { host: "http://127.0.0.1:1003", token: "file:t", models: "prod.ml.{model}" }
      identity: claimed
      """;

  @ParameterizedTest
  @ValueSource(strings = {"Churn Model", "Churn_Model", "prüfung", "a@b #1", "v1.2"})
  void aModelIsNamedAsInItsRegistry(String name) {
    CopySettings settings = settings(name, "dev", "qa");

    assertThat(settings.from().model()).isEqualTo(name);
    assertThat(settings.to().model()).isEqualTo("qa-" + name);
  }

  @Test
  void aFullNameStandsForTheModelInIt() {
    assertThat(settings("qa-Churn Model", "qa", "dev").to().model()).isEqualTo("Churn Model");
    assertThat(settings("prod.ml.churn", "prod", "dev").from().model()).isEqualTo("prod.ml.churn");
  }

  @Test
  void aNameThatTheTargetCannotUseIsRefusedBeforeAnythingIsCopied() {
    assertThatThrownBy(() -> settings("Churn Model", "dev", "prod"))
        .hasMessageContaining("\"Churn Model\" is not a valid model name in workspace prod")
        .hasMessageContaining("without");
    assertThatThrownBy(() -> settings("..", "dev", "qa"))
        .hasMessageContaining("is not a model of workspace dev");
  }

  private static CopySettings settings(String model, String from, String to) {
    return new CopyRequests(CopyRequestsTest::platform)
        .copySettings(new CopyRequest(model, from, to, null));
  }

  private static Platform platform() {
    return switch (Platform.read("portage.yaml", PLATFORM, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw new AssertionError(errors);
    };
  }
}
