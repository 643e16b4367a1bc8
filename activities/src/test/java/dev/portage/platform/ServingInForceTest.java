package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.EffectiveValue;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Settings;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a model is served: the traffic that its tier demands, of which a file only asks for more. */
class ServingInForceTest extends SettingsOfFiles {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // tier, file, in force, said in
        "-, -, -, -",
        "100, -, 100, portage.yaml:7",
        "-, 7, 7, promotion.yaml:9",
        "100, 100, 100, promotion.yaml:9",
        "100, 2000, 2000, promotion.yaml:9",
      })
  void aTierDemandsTrafficAndAFileAsksForMore(
      String tier, String file, Integer inForce, String origin) {
    Settings settings = settings(platform(tier), file(file), FILES);

    ServeSettings serve = Objects.requireNonNull(settings.serve());
    assertThat(serve.limits().minRequests()).isEqualTo(inForce);
    if (inForce != null) {
      assertThat(settings.values())
          .contains(new EffectiveValue("serve.limits.min-requests", inForce.toString(), origin));
      assertThat(serve.longestSoak()).isEqualTo(Duration.ofHours(1));
    }
  }

  @Test
  void aFileThatAsksForLessIsRefusedWithWhoDemandsMore() {
    assertThat(problem(platform("100"), file("99"), FILES).message())
        .contains(
            "promotion.yaml:9",
            "serve.limits.min-requests is 99, which is less than 100 in portage.yaml:7",
            "at least 100");
  }

  @Test
  void aTierDemandsNothingOfAModelThatIsNotServed() {
    assertThat(settings(platform("100"), FILE, FILES).serve()).isNull();
  }

  @Test
  void aWorkspaceThatServesNothingIsSaidBeforeAnythingStarts() {
    assertThat(
            problem(BARE_PROD, "model: churn\ntrain: notebooks/train.py\nserve: true\n", FILES)
                .message())
        .contains(
            "promotion.yaml:3",
            "serve can't be done in workspace prod (portage.yaml:3), which is of kind mlflow and"
                + " serves no models",
            "a workspace of kind databricks",
            "leave serve out");
  }

  @Test
  @Tag("S1.24")
  void twoWorkspacesAtOneAddressDoNotShareAnEndpoint() {
    String shared =
        """
        workspaces:
          dev:  { host: "https://adb-1.azuredatabricks.net", models: "dev.ml.{model}" }
          qa:   { host: "https://adb-2.azuredatabricks.net", models: "qa.ml.{model}"%s }
          prod: { host: "https://adb-2.azuredatabricks.net/", models: "prod.ml.{model}"%s }
        identity: claimed
        """;
    String file = "model: churn\ntrain: notebooks/train.py\nserve: true\n";

    Settings settings = settings(shared.formatted("", ""), file, FILES);
    assertThat(settings.targets())
        .extracting(target -> Objects.requireNonNull(settings.serveAt(target)).endpoint())
        .containsExactly("churn-qa", "churn-prod");
    assertThat(
            problem(
                    shared.formatted(", endpoints: \"{endpoint}\"", ", endpoints: \"{endpoint}\""),
                    file,
                    FILES)
                .message())
        .contains("endpoints");
  }

  @ParameterizedTest
  @CsvSource({
    "databricks-{endpoint}, databricks-churn",
    "'{endpoint}-', churn-",
    "'{endpoint}-of-the-very-long-name-of-a-department-of-risk-and-compliance', churn-of-the-very-long-name-of-a-department-of-risk-and-compliance",
  })
  void aPatternThatMakesANameNoEndpointCanHaveIsRefused(String pattern, String name) {
    String platform =
        PLATFORM.replace("marking: aliases", "marking: aliases, endpoints: \"" + pattern + "\"");

    assertThat(
            problem(platform, "model: churn\ntrain: notebooks/train.py\nserve: true\n", FILES)
                .message())
        .contains(
            "promotion.yaml:3",
            "an endpoint of workspace prod can't be named \"" + name + "\"",
            "\"databricks-\" at the beginning is reserved");
  }

  private static String at(String host) {
    return PLATFORM.replace("http://127.0.0.1:1003", host);
  }

  private static String sized(String size) {
    return "model: churn\ntrain: notebooks/train.py\nserve:\n  scale-to-zero: false\n  size: "
        + size;
  }

  @ParameterizedTest
  @CsvSource({
    "https://adb-1.1.azuredatabricks.net, gpu-medium, Azure, gpu-large",
    "https://ADB-1.1.AzureDatabricks.net, multigpu-medium, Azure, gpu-small",
    "https://1.1.gcp.databricks.com, gpu-small, Google Cloud, gpu-medium",
    "https://1.1.gcp.databricks.com, gpu-large, Google Cloud, gpu-medium",
  })
  void aSizeThatACloudHasNoMachinesForIsRefusedAtItsLine(
      String host, String size, String cloud, String offered) {
    assertThat(problem(at(host), sized(size), FILES).message())
        .contains(
            "promotion.yaml:5",
            "serve.size is "
                + size
                + ", which Databricks doesn't offer on "
                + cloud
                + ", where workspace prod (portage.yaml:4) is",
            "see GPU workload types at https://",
            "allowed: small, medium, large, ",
            offered);
  }

  @ParameterizedTest
  @CsvSource({
    "https://adb-1.1.azuredatabricks.net, gpu-large",
    "https://adb-1.1.azuredatabricks.net, gpu-xlarge",
    "https://adb-1.1.azuredatabricks.net, large",
    "https://1.1.gcp.databricks.com, gpu-medium",
    "https://dbc-1-1.cloud.databricks.com, multigpu-medium",
    "https://dbc-1-1.cloud.databricks.com, gpu-large",
    "https://ml.example.com, multigpu-medium",
  })
  void aSizeThatTheCloudMayOfferOrOfAnUnknownCloudIsTheWorkspacesToJudge(String host, String size) {
    assertThat(
            Objects.requireNonNull(settings(at(host), sized(size), FILES).serve()).size().written())
        .isEqualTo(size);
  }

  @Test
  void casesThatWereNotSentAreMissed() {
    assertThat(problem(PLATFORM, FILE + "serve: { cases: tests/cases.csv }\n", FILES).message())
        .contains("promotion.yaml:9", "the cases in tests/cases.csv were not sent");
  }

  private static String platform(String minRequests) {
    return minRequests == null
        ? PLATFORM
        : PLATFORM.replace("approve: [owners]", "approve: [owners], min-requests: " + minRequests);
  }

  private static String file(String minRequests) {
    return FILE
        + (minRequests == null
            ? "serve: true\n"
            : "serve: { limits: { min-requests: " + minRequests + " } }\n");
  }
}
