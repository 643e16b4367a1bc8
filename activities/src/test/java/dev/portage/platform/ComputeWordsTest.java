package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Library;
import dev.portage.compute.Machines;
import dev.portage.compute.ServerlessCompute;
import dev.portage.compute.Workers;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeWordsTest {
  private static final String WORKSPACES =
      """
      workspaces:
        dev:  { host: "https://adb-1.azuredatabricks.net", token: "env:DEV_TOKEN" }
        prod: { host: "https://adb-2.azuredatabricks.net", token: "env:PROD_TOKEN" }
      identity: claimed
      """;

  @Test
  void aWordMayBeACluster() {
    Workspace dev =
        workspace(
            "dev",
            WORKSPACES
                + """
                compute:
                  gpu-small:
                    node-type: Standard_NC4as_T4_v3
                    driver-node-type: Standard_E8ds_v5
                    workers: { min: 1, max: 4 }
                    runtime: 16.4.x-gpu-ml-scala2.12
                    policy: ml-gpu
                    spark: { spark.sql.shuffle.partitions: 64, spark.x: 1e6 }
                    variables: { HF_TOKEN: "{{secrets/ml/hf}}", TOKENIZERS_PARALLELISM: false }
                    libraries:
                      - requirements.txt
                      - torch==2.6.0
                      - /Volumes/main/ml/wheels/churn-1.0-py3-none-any.whl
                      - dbfs:/jars/scorer.jar
                """);

    assertThat(dev.compute("gpu-small"))
        .hasValue(
            new ClusterCompute(
                new Machines(null, null, "Standard_NC4as_T4_v3", "Standard_E8ds_v5"),
                new Workers(1, 4),
                "16.4.x-gpu-ml-scala2.12",
                "ml-gpu",
                Map.of("spark.sql.shuffle.partitions", "64", "spark.x", "1e6"),
                Map.of("HF_TOKEN", "{{secrets/ml/hf}}", "TOKENIZERS_PARALLELISM", "false"),
                List.of(
                    new Library.RequirementsFile("requirements.txt"),
                    new Library.PythonPackage("torch==2.6.0"),
                    new Library.Wheel("/Volumes/main/ml/wheels/churn-1.0-py3-none-any.whl"),
                    new Library.Jar("dbfs:/jars/scorer.jar"))));
    assertThat(dev.compute("gpu-small").orElseThrow().text())
        .isEqualTo(
            "Standard_NC4as_T4_v3, driver Standard_E8ds_v5, policy ml-gpu, 1 to 4 workers, runtime"
                + " 16.4.x-gpu-ml-scala2.12, Spark settings spark.sql.shuffle.partitions spark.x,"
                + " variables HF_TOKEN TOKENIZERS_PARALLELISM, with requirements.txt, torch==2.6.0,"
                + " /Volumes/main/ml/wheels/churn-1.0-py3-none-any.whl, dbfs:/jars/scorer.jar");
  }

  @Test
  void tagsOfAWordAreThoseOfItsCluster() {
    Workspace dev =
        workspace(
            "dev",
            WORKSPACES + "compute:\n  w: { pool: p, tags: { cost-center: 4711, team: ml } }\n");

    ComputeSettings word = dev.compute("w").orElseThrow();

    assertThat(word)
        .isInstanceOfSatisfying(
            ClusterCompute.class,
            cluster ->
                assertThat(cluster.tags()).isEqualTo(Map.of("cost-center", "4711", "team", "ml")));
    assertThat(word.text()).isEqualTo("pool p, single node, tags cost-center=4711 team=ml");
  }

  @ParameterizedTest
  @CsvSource({"true, ", "4, 4", "\"'4'\", 4"})
  void aWordMayBeServerlessWithAVersionOfItsEnvironment(String written, String version) {
    Workspace dev =
        workspace(
            "dev",
            WORKSPACES + "compute:\n  light: { serverless: " + written.replace("\"", "") + " }\n");

    assertThat(dev.compute("light")).hasValue(new ServerlessCompute(version, List.of()));
  }

  @Test
  void aWorkspaceReplacesKeysOfAWordAndMachinesAsAWhole() {
    String text =
        """
        compute:
          small: { pool: ml-small, workers: 2, runtime: 16.4.x-cpu-ml-scala2.12, libraries: [shap] }
        workspaces:
          dev:
            host: https://adb-1.azuredatabricks.net
            token: env:DEV_TOKEN
            compute: { small: { serverless: 4 }, own: { node-type: m5.xlarge } }
          prod:
            host: https://adb-2.azuredatabricks.net
            token: env:PROD_TOKEN
            compute: { small: { node-type: Standard_DS3_v2, policy: prod-jobs } }
        identity: claimed
        """;

    assertThat(workspace("dev", text).compute("small"))
        .hasValue(new ServerlessCompute("4", List.of(new Library.PythonPackage("shap"))));
    assertThat(workspace("prod", text).compute("small"))
        .hasValue(
            new ClusterCompute(
                Machines.ofType("Standard_DS3_v2"),
                Workers.fixed(2),
                "16.4.x-cpu-ml-scala2.12",
                "prod-jobs",
                Map.of(),
                Map.of(),
                List.of(new Library.PythonPackage("shap"))));
    assertThat(workspace("prod", text).compute("own")).isEmpty();
  }

  @Test
  void theWorkspacesKeysStillCountWithoutAWord() {
    assertThat(workspace("dev", WORKSPACES).compute(null)).hasValue(ComputeSettings.serverless());
    String pool = WORKSPACES.replace("env:DEV_TOKEN\"", "env:DEV_TOKEN\", pool: ml, runtime: r");
    assertThat(workspace("dev", pool).compute(null)).hasValue(ComputeSettings.ofPool("ml", "r"));
    // A runtime without a pool never had an effect.
    String runtime = WORKSPACES.replace("env:DEV_TOKEN\"", "env:DEV_TOKEN\", runtime: r");
    assertThat(workspace("dev", runtime).compute(null)).hasValue(ComputeSettings.serverless());
  }

  @Test
  void theWordDefaultAppliesIfNoneIsNamedUnlessTheWorkspaceHasAPool() {
    String text = WORKSPACES + "compute: { default: { node-type: Standard_DS3_v2, workers: 1 } }\n";
    assertThat(workspace("dev", text).compute(null).orElseThrow().text())
        .isEqualTo("Standard_DS3_v2, 1 worker");
    String pool = text.replace("env:DEV_TOKEN\"", "env:DEV_TOKEN\", pool: ml");
    assertThat(workspace("dev", pool).compute(null).orElseThrow().text())
        .isEqualTo("pool ml, 1 worker");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          { pool: a, node-type: b } | word w has both pool and node-type; a pool's machines have the pool's node type; allowed: one of them
          { pool: a, driver-node-type: b } | word w has driver-node-type without node-type; allowed: both, or node-type alone
          { node-type: a, driver-pool: b } | word w has driver-pool without pool; allowed: both, or pool alone
          { serverless: false } | compute.w.serverless is false; allowed: true, or an environment version such as 4; for a cluster pool, node-type or policy
          { serverless: true, workers: 2 } | word w is serverless, but "workers" is for clusters; allowed: serverless with libraries; or a cluster, without serverless
          { serverless: true, pool: a } | word w is serverless, but "pool" is for clusters; allowed: serverless with libraries; or a cluster, without serverless
          { serverless: true, variables: { A: b } } | word w is serverless, but "variables" is for clusters; allowed: serverless with libraries; or a cluster, without serverless
          { serverless: true, libraries: "dbfs:/a.jar" } | word w is serverless, which can't install jars; allowed: packages, wheels and requirements files; or a cluster
          { serverless: true, tags: {team: ml} } | word w is serverless, but "tags" is for clusters; allowed: serverless with libraries; or a cluster, without serverless
          { pool: p, tags: {Vendor: me} } | tag Vendor is set by Databricks itself; allowed: any other tag
          { pool: p, tags: {key: "{{secrets/ml/key}}"} } | compute.w.tags.key contains a reference, which tags don't resolve; allowed: plain text
          { pool: a, workers: { min: 4, max: 2 } } | compute.w.workers has max 2 below min 4; allowed: min up to max
          { pool: a, variables: { MLFLOW_RUN_CONTEXT: x } } | MLFLOW_RUN_CONTEXT is set by Portage itself; allowed: any other variable
          """)
  void anErrorInAWordIsReportedOnce(String word, String message) {
    assertThat(wrong(word)).containsExactly("portage.yaml:5: " + message);
  }

  @Test
  void aWordWithoutMachinesIsWrongInEachWorkspace() {
    assertThat(wrong("{ workers: 2 }"))
        .containsExactly(
            "portage.yaml:5: word w doesn't say what it runs on in workspace dev; allowed:"
                + " serverless, pool, node-type or policy",
            "portage.yaml:5: word w doesn't say what it runs on in workspace prod; allowed:"
                + " serverless, pool, node-type or policy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dist/churn-1.0-py3-none-any.whl",
        "scorer.jar",
        "constraints.txt",
        "../requirements.txt",
        "/abs/requirements.txt",
        "-e .",
        "--index-url https://example.com",
        "not a package",
        "torch==",
      })
  void aLibraryThatCannotBeInstalledIsRefused(String library) {
    assertThat(wrong("{ pool: a, libraries: [\"" + library + "\"] }"))
        .singleElement()
        .asString()
        .startsWith("portage.yaml:5: nothing can be installed by \"" + library + "\"; allowed: a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch",
        "torch==2.6.0",
        "scikit-learn>=1.5,<2",
        "ray[tune,data]~=2.40",
        "numpy ; python_version < '3.13'",
        "churn @ https://example.com/churn-1.0.tar.gz",
        "env/requirements-train.txt",
        "/Workspace/Shared/a.whl",
        "abfss://libs@ml.dfs.core.windows.net/a.whl",
        "s3://bucket/a.jar",
      })
  void aLibrarysKindFollowsFromHowItIsWritten(String library) {
    assertThat(wrong("{ pool: a, libraries: [\"" + library + "\"] }")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HF_TOKEN: hunter2                        | named like a secret
          DB_PASSWORD: hunter2                     | named like a secret
          API_KEY: hunter2                         | named like a secret
          AZURE_STORAGE_CONNECTION_STRING: hunter2 | named like a secret
          X: dapi0123456789abcdef0123456789abcdef  | a Databricks token
          X: "env:HF_TOKEN"                        | not a reference to one of the workspace's own
          X: "keyvault:team/hf"                    | not a reference to one of the workspace's own
          X: "{{secret/ml/hf}}"                    | not a reference to one of the workspace's own
          X: "{{secrets/ml}}"                      | not a reference to one of the workspace's own
          X: "Bearer {{secrets/ml/hf}}"            | not a reference to one of the workspace's own
          """)
  void aSecretAmongVariablesIsRefusedAndNotShown(String variable, String said) {
    assertThat(wrong("{ pool: a, variables: { " + variable + " } }"))
        .singleElement()
        .asString()
        .contains(said)
        .contains("{{secrets/SCOPE/KEY}}")
        .doesNotContain("hunter2", "dapi0123");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs.azure.account.key.ml.dfs.core.windows.net",
        "fs.azure.account.oauth2.client.secret.ml.dfs.core.windows.net",
        "spark.hadoop.fs.s3a.secret.key",
        "fs.azure.sas.fixed.token.ml",
      })
  void aSecretAmongSparkSettingsIsRefused(String setting) {
    assertThat(wrong("{ pool: a, spark: { " + setting + ": hunter2 } }"))
        .singleElement()
        .asString()
        .contains("named like a secret")
        .doesNotContain("hunter2");
    assertThat(wrong("{ pool: a, spark: { " + setting + ": \"{{secrets/ml/key}}\" } }")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TOKENIZERS_PARALLELISM: false",
        "MAX_TOKENS: 512",
        "AWS_ACCESS_KEY_ID: AKID",
        "KEYRING: x",
        "PYTHONHASHSEED: 0",
      })
  void aVariableWithAHarmlessNameIsNotASecret(String variable) {
    assertThat(wrong("{ pool: a, variables: { " + variable + " } }")).isEmpty();
  }

  @Test
  void aPackageIndexWithALoginIsRefused() {
    assertThat(wrong("{ pool: a, libraries: [\"churn @ https://me:hunter2@example.com/a.zip\"] }"))
        .singleElement()
        .asString()
        .contains("a URL with a password")
        .doesNotContain("hunter2");
  }

  @Test
  void aPoolNextToADefaultOfTheSameWorkspaceIsRefused() {
    assertThat(
            faults(
                """
                workspaces:
                  dev:
                    host: https://adb-1.azuredatabricks.net
                    token: env:DEV_TOKEN
                    pool: ml-small
                    compute: { default: { serverless: true } }
                  prod: { host: "https://adb-2.azuredatabricks.net", token: "env:PROD_TOKEN" }
                identity: claimed
                """))
        .containsExactly(
            "portage.yaml:5: workspace dev has \"pool\" and a word \"default\", which both apply to steps that name no word; allowed: one of them");
  }

  @Test
  void aBareMlflowServerHasNoCompute() {
    assertThat(
            faults(
                """
                workspaces:
                  dev:  { mlflow: "http://127.0.0.1:1", compute: { w: { serverless: true } } }
                  prod: { mlflow: "http://127.0.0.1:2" }
                identity: claimed
                """))
        .singleElement()
        .asString()
        .contains("key \"compute\" has no effect in a workspace of kind mlflow");
  }

  private static List<String> wrong(String word) {
    return faults(WORKSPACES + "compute: { w: " + word + " }\n");
  }

  private static List<String> faults(String text) {
    return Platform.read("portage.yaml", text, TestKinds.ALL).faults().stream()
        .map(ValidationError::toString)
        .toList();
  }

  private static Workspace workspace(String name, String text) {
    return switch (Platform.read("portage.yaml", text, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform.workspace(name).orElseThrow();
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw new AssertionError(errors);
    };
  }
}
