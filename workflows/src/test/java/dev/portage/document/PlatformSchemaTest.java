package dev.portage.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformSchemaTest {

  @Test
  void aTypicalPlatformFileIsValid() {
    assertThat(
            faults(
                """
                workspaces:
                  dev:
                    host: https://adb-1111111111111111.1.azuredatabricks.net
                    models: dev.ml.{model}
                    pool: ml-small
                    token: env:DEV_TOKEN
                  prod:
                    kind: databricks
                    host: https://adb-2222222222222222.2.azuredatabricks.net/
                    mlflow: http://127.0.0.1:5001/mlflow
                    token: keyvault:team-vault/databricks-token-prod
                    reader: file:.portage/prod.token
                    marking: aliases
                    tables: prod.ml.{table}
                tiers:
                  high: { models: [churn, "pd-*"], approve: [model-owners, model-risk] }
                  rest: { models: "*", approve: model-owners, expires: P14D }
                identity: https://login.microsoftonline.com/11111111/v2.0
                groups: { model-owners: [ana@example.com], model-risk: ben@example.com }
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          hots: https://a.example.com | portage.yaml:3: unknown key "hots" in workspaces.dev; did you mean "host"? allowed: kind, host, mlflow, ui, login, token, user, password, reader, reader-user, reader-password, models, verify, allow-triggers, concurrency, transfers, marking, pool, warehouse, tables, runtime, compute, experiments, jobs, endpoints
          kind: databrick | portage.yaml:3: workspaces.dev.kind is "databrick", which is unknown; did you mean "databricks"? allowed: mlflow, databricks, azureml
          host: adb-1.example.com | portage.yaml:3: workspaces.dev.host is "adb-1.example.com", which is not a valid workspace URL; allowed: http(s)://HOST, without a path or a login
          token: dapi0123456789abcdef | portage.yaml:3: workspaces.dev.token is set to something, which is not a valid secret reference; allowed: env:NAME, file:PATH or keyvault:VAULT/NAME[/VERSION]; never the secret itself
          models: churn | portage.yaml:3: workspaces.dev.models is "churn", which is not a valid model name pattern; allowed: text that contains {model} once
          """)
  void anErrorInAWorkspaceNamesItsLineAndWhatIsAllowed(String line, String error) {
    assertThat(faults("workspaces:\n  dev:\n    " + line + "\n")).containsExactly(error);
  }

  @Test
  void workspaceNamesAreChecked() {
    assertThat(faults("workspaces:\n  Dev One: { host: https://a.example.com }\n"))
        .singleElement()
        .asString()
        .startsWith(
            "portage.yaml:2: workspaces.Dev One is not a valid workspace name; allowed: lower-case");
  }

  @Test
  void aLoginInAnAddressIsRefusedAndNotShown() {
    assertThat(faults("workspaces:\n  dev: { mlflow: \"https://me:hunter2@a.example.com\" }\n"))
        .singleElement()
        .asString()
        .contains("without a login")
        .doesNotContain("hunter2");
  }

  private static List<String> faults(String text) {
    return YamlDocument.read("portage.yaml", text)
        .then(DocumentSchema.platform()::accept)
        .faults()
        .stream()
        .map(ValidationError::toString)
        .toList();
  }
}
