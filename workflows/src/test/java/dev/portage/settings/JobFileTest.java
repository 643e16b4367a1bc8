package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file with the settings of a scoring job may say. */
class JobFileTest {

  private static final String GOOD =
      """
      {
        "parameters": [
          {"name": "uri", "default": "{model_uri}"},
          {"name": "output", "default": "{table}"},
          {"name": "batch", "default": "{batch_id}"},
          {"name": "promotion", "default": "{promotion_id}"}
        ],
        "tasks": [
          {"task_key": "features", "notebook_task": {"notebook_path": "jobs/features.py"},
           "job_cluster_key": "small"},
          {"task_key": "score", "depends_on": [{"task_key": "features"}],
           "spark_python_task": {"python_file": "src/score.py",
             "parameters": ["--model", "{{job.parameters.uri}}"]},
           "job_cluster_key": "small"}
        ],
        "job_clusters": [
          {"job_cluster_key": "small", "new_cluster": {"spark_version": "16.4.x-cpu-ml-scala2.12",
            "instance_pool_id": "{pool:ml small}", "policy_id": "{policy:standard}", "num_workers": 2}}
        ],
        "schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "Europe/Lisbon"},
        "timeout_seconds": 5400,
        "tags": {"team": "risk"}
      }
      """;

  @Test
  void aWholeJobIsReadAsItIsAndItsTasksSayWhereTheirCodeIs() {
    JobFile file = good(GOOD);

    JsonNode tasks = file.settings().path("tasks");
    assertThat(tasks.at("/0/notebook_task").toString())
        .isEqualTo("{\"notebook_path\":\"jobs/features\",\"source\":\"GIT\"}");
    assertThat(tasks.at("/1/spark_python_task/source").asText()).isEqualTo("GIT");
    assertThat(file.timeout(Duration.ofHours(12))).isEqualTo(Duration.ofMinutes(90));
    assertThat(file.settings().path("schedule")).isEqualTo(file.document().root().path("schedule"));
    assertThat(file.code("models/churn")).containsExactly("jobs/features", "src/score.py");
    assertThat(file.missing()).isEmpty();
    assertThat(JobPlaces.namedThings(file.settings()))
        .containsExactly("policy:standard", "pool:ml small");
    assertThat(file.notes()).isEmpty();
  }

  /** As {@code databricks jobs get} writes it. */
  @Test
  void anExportedJobIsUsedWithoutWhatOnlyTheWorkspaceKnows() {
    JobFile file =
        good(
            """
            {
            \t"job_id": 7, "creator_user_name": "ana@example.com", "created_time": 1,
            \t"run_as_user_name": "ana@example.com", "run_as_owner": true,
            \t"settings": {
            \t\t"name": "churn nightly",
            \t\t"format": "MULTI_TASK",
            \t\t"email_notifications": {"on_failure": ["team\\/risk@example.com"]},
            \t\t"webhook_notifications": {},
            \t\t"run_as": {"user_name": "ana@example.com"},
            \t\t"deployment": {"kind": "BUNDLE", "metadata_file_path": "/x"},
            \t\t"edit_mode": "UI_LOCKED",
            \t\t"git_source": {"git_url": "https://example.com/team/churn", "git_branch": "main"},
            \t\t"tags": {
            \t\t\t"portage_settings": "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst",
            \t\t\t"team": "risk"
            \t\t},
            \t\t"tasks": [{"task_key": "score", "run_if": "ALL_SUCCESS", "notebook_task": {
            \t\t\t"notebook_path": "notebooks/score", "source": "GIT",
            \t\t\t"base_parameters": {"model_uri": "models:/churn/3", "model_version": "3",
            \t\t\t\t"table": "churn", "batch_id": "", "promotion_id": "", "depth": "3"}}}],
            \t\t"schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC",
            \t\t\t"pause_status": "UNPAUSED"}
            \t}
            }
            """);

    assertThat(file.name()).isEqualTo("churn nightly");
    assertThat(file.settings().properties().stream().map(Map.Entry::getKey))
        .doesNotContain("format", "run_as", "deployment", "edit_mode", "git_source");
    assertThat(file.settings().path("tags").toString()).isEqualTo("{\"team\":\"risk\"}");
    assertThat(file.settings().at("/email_notifications/on_failure/0").asText())
        .isEqualTo("team/risk@example.com");
    assertThat(file.settings().at("/tasks/0/notebook_task/base_parameters").toString())
        .contains("\"model_uri\":\"{model_uri}\"", "\"depth\":\"3\"");
    assertThat(file.notes())
        .containsExactly(
            "git_source is not used: the job runs the promotion's commit",
            "deployment is not used: no bundle may deploy the job",
            "edit_mode is not used: it stays as it is",
            "run_as is not used: the job keeps whom it runs as",
            "parameters batch_id, model_uri, model_version, promotion_id, table get the values of each"
                + " run, by name");
    assertThat(file.gitUrl()).isEqualTo("https://example.com/team/churn");
  }

  @Test
  void aJobOfABundleIsUsedWithPathsThatBeginAtItsFile() {
    String bundle =
        """
        resources:
          jobs:
            train: { name: train, tasks: [] }
            score:
              name: score
              permissions: [{ level: CAN_VIEW, group_name: users }]
              tasks:
                - task_key: score
                  notebook_task:
                    notebook_path: ../src/score.ipynb
                    base_parameters: { uri: "{model_uri}", out: "{table}" }
        """;

    JobFile file = good(JobFile.read("r/jobs.yml", "r", "score", bundle));

    assertThat(file.code("models")).containsExactly("models/src/score");
    assertThat(file.code("")).containsExactly("src/score");
    assertThat(file.missing()).containsExactly("batch_id", "promotion_id");
    assertThat(file.notes())
        .containsExactly("permissions is not used: the job keeps its permissions");
    assertThat(errors(JobFile.read("r/jobs.yml", "r", null, bundle)))
        .isEqualTo(
            "r/jobs.yml:2: the bundle has jobs score, train; name one: batch.settings: FILE#score");
    assertThat(errors(JobFile.read("r/jobs.yml", "r", "scor", bundle)))
        .contains("the bundle has no job scor", "did you mean \"score\"?");
    assertThat(errors(JobFile.read("jobs.yml", "", "score", bundle)))
        .contains("../src/score.ipynb leads out of the folder of promotion.yaml");
  }

  /** A Git source would change where a task that says nothing looks for its code. */
  @ParameterizedTest
  @CsvSource({
    "'\"notebook_path\": \"/Shared/score\"', notebook_task, WORKSPACE",
    "'\"notebook_path\": \"score\"', notebook_task, GIT",
    "'\"notebook_path\": \"score\", \"source\": \"GIT\"', notebook_task, GIT",
    "'\"python_file\": \"/Workspace/score.py\"', spark_python_task, WORKSPACE",
    "'\"python_file\": \"dbfs:/score.py\"', spark_python_task, WORKSPACE",
    "'\"python_file\": \"src/score.py\"', spark_python_task, GIT",
  })
  void eachTaskSaysWhereItsCodeIsAsTheFileMeantIt(String code, String kind, String source) {
    JobFile file =
        good(
            """
            {"parameters": [{"name": "uri", "default": "{model_uri}"}],
             "tasks": [{"task_key": "a", "%s": {%s}}]}
            """
                .formatted(kind, code));

    assertThat(file.settings().at("/tasks/0/" + kind + "/source").asText()).isEqualTo(source);
    assertThat(JobFileCode.notInCommit(file.settings())).hasSize(source.equals("GIT") ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uri\", \"default\": \"{version}   | job.json:3: {version} is not a placeholder; did you mean \"model_version\"? allowed: alias,",
        "uri\", \"default\": \"{modl_uri}  | did you mean \"model_uri\"?",
        "uri\", \"default\": \"${var.uri}  | ${var.uri} is a reference that only a bundle resolves",
        "token\", \"default\": \"hunter2   | by its name, token is a secret, and its value is written out",
      })
  void placeholdersAndValuesAreChecked(String value, String error) {
    assertThat(errors(GOOD.replace("uri\", \"default\": \"{model_uri}", value))).contains(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"tags\"                    | \"tag\"                          | unknown key \"tag\"",
        "\"team\": \"risk\"          | \"portage_model\": \"x\"         | not beginning with portage_",
        "\"timeout_seconds\": 5400   | \"run_as\": {\"user_name\": \"a\"} | Portage does not set run_as: set it in the workspace",
        "\"timeout_seconds\": 5400   | \"job_id\": 3                    | job_id is not a setting",
        "\"timeout_seconds\": 5400   | \"continuous\": {}               | the job has both schedule and continuous",
        "0 0 6 * * ?                 | 0 6 * * *                        | Quartz cron with 6 or 7 fields",
        "Europe/Lisbon               | Europe/Lisboa                    | is not a time zone",
        "{\"task_key\": \"features\"} | {\"task_key\": \"featurs\"}     | job.json:11: \"featurs\" is defined nowhere in the file; did you mean \"features\"? allowed: features, score",
        "\"job_cluster_key\": \"small\", \"new | \"job_cluster_key\": \"large\", \"new | \"small\" is defined nowhere in the file",
        "\"num_workers\": 2          | \"num_worker\": 2                | unknown key \"num_worker\"",
        "\"num_workers\": 2          | \"spark_conf\": {\"fs.azure.account.key.x\": \"aGk=\"} | {{secrets/SCOPE/KEY}}",
        "\"num_workers\": 2          | \"spark_env_vars\": {\"OUT\": \"{table}\"} | {table} differs from run to run",
        "\"src/score.py\"            | \"../score.py\"                  | leads out of the repository",
        "\"src/score.py\"            | \"/Shared/score.py\", \"source\": \"GIT\" | is not a path in the repository",
        "\"job_cluster_key\": \"small\"} | \"existing_cluster_id\": \"1\", \"job_cluster_key\": \"small\"} | has both job_cluster_key and existing_cluster_id",
        "\"spark_python_task\"       | \"run_job_task\": {\"job_id\": 1}, \"spark_python_task\" | two things to run",
        "{model_uri}                 | models:/churn@champion           | no parameter passes the version to the scoring",
      })
  void whatIsWrongIsSaidWithItsLine(String good, String wrong, String error) {
    assertThat(errors(GOOD.replace(good, wrong))).contains(error);
  }

  /** A run takes one kind of parameters, and gives all tasks of that kind the same. */
  @Test
  void valuesThatOneRunCantPassAreRefused() {
    String both =
        tasks(
            "\"notebook_task\": {\"notebook_path\": \"a\", \"base_parameters\": {\"uri\": \"{model_uri}\"}}",
            "\"spark_python_task\": {\"python_file\": \"b.py\", \"parameters\": [\"{table}\"]}");
    String different =
        tasks(
            "\"notebook_task\": {\"notebook_path\": \"a\", \"base_parameters\": {\"in\": \"{model_uri}\"}}",
            "\"notebook_task\": {\"notebook_path\": \"b\", \"base_parameters\": {\"in\": \"x\"}}");
    String lines =
        tasks(
            "\"spark_python_task\": {\"python_file\": \"a.py\", \"parameters\": [\"{model_uri}\"]}",
            "\"spark_python_task\": {\"python_file\": \"b.py\", \"parameters\": [\"x\"]}");
    String apart =
        tasks(
            "\"notebook_task\": {\"notebook_path\": \"a\", \"base_parameters\": {\"in\": \"{model_uri}\"}}",
            "\"notebook_task\": {\"notebook_path\": \"b\", \"base_parameters\": {\"other\": \"x\"}}");

    assertThat(errors(both)).contains("a run takes one kind of parameters");
    assertThat(errors(different)).contains("gives all of them the same in");
    assertThat(errors(lines)).contains("gives all of them the same");
    assertThat(errors(apart)).isEmpty();
  }

  @Test
  void aRunIsGivenValuesInTheWayThatTheJobTakesThem() {
    Map<String, String> values = Map.of("model_uri", "models:/churn/4", "table", "aside");
    String named =
        tasks(
            "\"python_wheel_task\": {\"package_name\": \"p\", \"entry_point\": \"e\","
                + " \"named_parameters\": {\"uri\": \"{model_uri}\", \"depth\": \"3\"}}");
    String line =
        tasks(
            "\"spark_python_task\": {\"python_file\": \"a.py\","
                + " \"parameters\": [\"--uri={model_uri}\", \"--depth\", \"3\"]}");
    String widgets =
        tasks(
            "\"notebook_task\": {\"notebook_path\": \"a\","
                + " \"base_parameters\": {\"uri\": \"{model_uri}\", \"depth\": \"3\"}}");

    assertThat(JobParameters.of(good(GOOD).settings(), values))
        .isEqualTo(
            new JobParameters(
                JobParameters.Way.JOB,
                Map.of(
                    "uri", "models:/churn/4",
                    "output", "aside",
                    "batch", "{batch_id}",
                    "promotion", "{promotion_id}"),
                List.of()));
    assertThat(JobParameters.of(good(named).settings(), values))
        .isEqualTo(
            new JobParameters(
                JobParameters.Way.NAMED,
                Map.of("uri", "models:/churn/4", "depth", "3"),
                List.of()));
    assertThat(JobParameters.of(good(line).settings(), values))
        .isEqualTo(
            new JobParameters(
                JobParameters.Way.LINE,
                Map.of(),
                List.of("--uri=models:/churn/4", "--depth", "3")));
    assertThat(JobParameters.of(good(widgets).settings(), values))
        .isEqualTo(
            new JobParameters(
                JobParameters.Way.NOTEBOOKS, Map.of("uri", "models:/churn/4"), List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"spark.hadoop.fs.s3a.aws.credentials.provider\": \"org.example.Provider\"}",
        "{\"fs.azure.account.key.x\": \"{{secrets/ml/key}}\"}",
        "{\"spark.max.tokens\": \"100\"}",
      })
  void whatOnlySoundsLikeASecretIsNone(String conf) {
    assertThat(errors(GOOD.replace("\"num_workers\": 2", "\"spark_conf\": " + conf))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"spark_python_task\": {\"python_file\": \"a.py\", \"parameters\": [\"--db-password\", \"hunter2hunter2\"]} | db-password",
        "\"spark_python_task\": {\"python_file\": \"a.py\", \"parameters\": [\"--token=hunter2hunter2\"]} | token",
        "\"sql_task\": {\"warehouse_id\": \"1\", \"parameters\": {\"api_key\": \"hunter2\"}} | api_key",
        "\"run_job_task\": {\"job_id\": 1, \"notebook_params\": {\"password\": \"hunter2\"}} | password",
      })
  void aSecretIsRefusedByItsNameInEveryMapAndCommandLine(String task, String name) {
    String errors = errors(tasks(task));

    assertThat(errors).contains("by its name, " + name + " is a secret").doesNotContain("hunter2");
  }

  @Test
  void aCommandLineThatOnlySoundsLikeASecretIsNone() {
    assertThat(
            errors(
                tasks(
                    "\"spark_python_task\": {\"python_file\": \"a.py\", \"parameters\":"
                        + " [\"{model_uri}\", \"--tokenizer\", \"bert-base\", \"--password-file\","
                        + " \"/x\", \"--token\", \"{{secrets/ml/t}}\", \"--secret\", \"--fast\"]}")))
        .isEmpty();
  }

  /** Every task has places of its own for words that it is started with. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "db-password    | `spark_python_task`: {`python_file`: `a.py`, `parameters`: [`--db-password`, `hunter2`]}",
        "db-password    | `spark_python_task`: {`python_file`: `a.py`, `parameters`: [`-db-password`, `hunter2`]}",
        "token          | `python_wheel_task`: {`package_name`: `p`, `entry_point`: `e`, `parameters`: [`--token=hunter2`]}",
        "api-key        | `spark_jar_task`: {`main_class_name`: `M`, `parameters`: [`in`, `--api-key`, `hunter2`]}",
        "spark.app.passwd | `spark_submit_task`: {`parameters`: [`--conf`, `spark.app.passwd=hunter2`]}",
        "Dapp.password  | `spark_submit_task`: {`parameters`: [`--driver-java-options`, `-Dx=1 -Dapp.password=hunter2`]}",
        "api_key        | `sql_task`: {`warehouse_id`: `1`, `parameters`: {`api_key`: `hunter2`}}",
        "db_pwd         | `run_job_task`: {`job_id`: 1, `notebook_params`: {`db_pwd`: `hunter2`}}",
        "secret         | `run_job_task`: {`job_id`: 1, `python_named_params`: {`secret`: `hunter2`}}",
        "password       | `run_job_task`: {`job_id`: 1, `jar_params`: [`jdbc:x://h/d?user=a&password=hunter2`]}",
        "token          | `dbt_task`: {`commands`: [`dbt run --vars '{token: hunter2}'`]}",
        "token          | `dbt_task`: {`commands`: [`dbt run --token hunter2`]}",
        "X-Api-Key      | `spark_python_task`: {`python_file`: `a.py`, `parameters`: [`--header`, `X-Api-Key: hunter2`]}",
        "access_key     | `notebook_task`: {`notebook_path`: `a`, `base_parameters`: {`conf`: `{\\`access_key\\`: \\`hunter2\\`}`}}",
        "client_secrets | `run_job_task`: {`job_id`: 1, `extra`: {`client_secrets`: [`a`, `hunter2`]}}",
        "auth_token     | `run_job_task`: {`job_id`: 1, `extra`: [{`key`: `auth_token`, `value`: `hunter2`}]}",
      })
  void aSecretThatAnyTaskIsStartedWithIsRefusedByItsName(String name, String task) {
    String errors = errors(withTask(task));

    assertThat(errors)
        .contains("by its name, " + name + " is a secret")
        .contains("{{secrets/SCOPE/KEY}}")
        .doesNotContain("hunter2");
  }

  @Test
  void aBearerTokenAndAnIndexWithAPasswordAreRefused() {
    assertThat(
            errors(
                withTask(
                    "`spark_python_task`: {`python_file`: `a.py`,"
                        + " `parameters`: [`Authorization: Bearer abcdef0123456789`]}")))
        .contains("a bearer token is written out")
        .doesNotContain("abcdef0123456789");
    assertThat(
            errors(
                GOOD.replace(
                    "\"tags\"",
                    "\"environments\": [{\"environment_key\": \"e\", \"spec\": {\"client\": \"2\","
                        + " \"dependencies\": [\"--index-url https://pypi.example.com/simple?token=hunter2\"]}}],"
                        + " \"tags\"")))
        .contains("by its name, token is a secret")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[`--tokenizer`, `bert-base-uncased`, `--max-tokens`, `512`]",
        "[`--token`, `{{secrets/ml/token}}`, `--token={{secrets/ml/token}}`]",
        "[`--token-column`, `word`, `--verbose`]",
        "[`--token-of={model}`, `--token={model}`, `--password=$DB_PASSWORD`]",
        "[`--password-file`, `/Volumes/a/b`, `--private-endpoint=https://x.example.com`]",
        "[`tokenizers==0.15.2`, `--token`, `--next`]",
      })
  void whatOnlySoundsLikeASecretInACommandLineIsNone(String parameters) {
    assertThat(
            errors(
                withTask(
                    "`spark_python_task`: {`python_file`: `a.py`, `parameters`: "
                        + parameters
                        + "}")))
        .isEmpty();
  }

  /** With a further task, in which ` stands for a quotation mark. */
  private static String withTask(String task) {
    return GOOD.replace(
        "\"tasks\": [", "\"tasks\": [{\"task_key\": \"more\", " + task.replace('`', '"') + "}, ");
  }

  @Test
  void aTokenInTheFileIsRefusedAndNotRepeated() {
    String token = "dapi" + "0123456789abcdef0123456789abcdef";

    String errors = errors(GOOD.replace("16.4.x-cpu-ml-scala2.12", token));

    assertThat(errors).contains("contains a Databricks token").doesNotContain(token);
  }

  /** Other jobs and variables of a bundle, comments and whom a job runs as are not sent. */
  @Test
  void whatIsSentOfAFileIsReadAsTheSameFileAndNothingElseIs() {
    String bundle =
        """
        variables: { password: { default: hunter2 } }  # ask ana
        resources:
          jobs:
            score:
              parameters: [{ name: uri, default: "{model_uri}" }]
              tasks: [{ task_key: score, spark_python_task: { python_file: ./score.py } }]
        """;
    JobFile file = good(JobFile.read("databricks.yml", "", null, bundle));

    assertThat(file.sent()).doesNotContain("hunter2", "ana").contains("{folder}score.py");
    JobFile again = good(JobFile.ofSent("databricks.yml", file.sent()));
    assertThat(again.sent()).isEqualTo(file.sent());
    assertThat(good(JobFile.ofSent("job.json", good(GOOD).sent())).sent())
        .isEqualTo(good(GOOD).sent());
    assertThat(errors(JobFile.ofSent("job.json", "{\"tasks\": []}"))).isNotEmpty();
  }

  @Test
  void whatIsNoJobIsRefused() {
    assertThat(errors("[]")).contains("the file is a list, not a job");
    assertThat(errors("{\"bundle\": {\"name\": \"x\"}}")).contains("defines no job");
    assertThat(errors("{\"settings\": {}, \"sttings\": 1}")).contains("unknown key \"sttings\"");
    assertThat(errors("{\"settings\": 3}")).contains("the settings are not a map");
    assertThat(errors(" ".repeat(JobFile.MAX_BYTES + 1))).contains("at most 32768");
    assertThat(errors(JobFile.read("job.json", "", "x", GOOD))).contains("which is not a bundle");
  }

  private static String tasks(String... tasks) {
    StringBuilder text = new StringBuilder("{\"tasks\": [");
    for (int i = 0; i < tasks.length; i++) {
      text.append(i == 0 ? "" : ", ");
      text.append("{\"task_key\": \"t").append(i).append("\", ").append(tasks[i]).append('}');
    }
    return text.append("]}").toString();
  }

  private static JobFile good(String text) {
    return good(JobFile.read("job.json", "", null, text));
  }

  private static JobFile good(Reading<JobFile> read) {
    if (read instanceof Reading.Good<JobFile>(JobFile file)) {
      return file;
    }
    throw new AssertionError(errors(read));
  }

  private static String errors(String text) {
    return errors(JobFile.read("job.json", "", null, text));
  }

  private static String errors(Reading<JobFile> read) {
    return read instanceof Reading.Wrong<JobFile>(List<ValidationError> errors)
        ? errors.stream().map(ValidationError::toString).collect(Collectors.joining("\n"))
        : "";
  }
}
