package dev.portage.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.tracking.RunChoice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromotionFileTest {

  private static final String WHOLE =
      """
      model: churn
      experiment: /Shared/churn
      check: notebooks/check.py
      train:
        notebook: notebooks/train.py
        parameters: { alpha: 0.5, deep: true, name: x }
        timeout: PT90M
      gates:
        roc_auc: ">= 0.80"
        log_loss: { limit: "<= 1e1", tolerance: 0.01 }
      batch:
        notebook: notebooks/score.py
        table: churn_predictions
        schedule: "0 0 6 * * ?"
        timezone: Europe/Lisbon
      path: [dev, qa, prod]
      """;

  @Test
  void aCompleteFileIsReadWithTheOriginOfEachValue() {
    PromotionFile file = good(WHOLE);

    assertThat(file.model()).isEqualTo("churn");
    assertThat(file.check())
        .isEqualTo(new Work.Notebook("notebooks/check.py", Map.of(), Duration.ofHours(1)));
    assertThat(file.train())
        .isEqualTo(
            new Work.Notebook(
                "notebooks/train.py",
                Map.of("alpha", "0.5", "deep", "true", "name", "x"),
                Duration.ofMinutes(90)));
    assertThat(file.thresholds())
        .containsExactly(
            new Threshold("roc_auc", Threshold.Direction.AT_LEAST, 0.8, 0),
            new Threshold("log_loss", Threshold.Direction.AT_MOST, 10, 0.01));
    assertThat(file.batch()).isNotNull();
    assertThat(file.path()).containsExactly("dev", "qa", "prod");
    assertThat(file.origin("batch.table")).contains("promotion.yaml:13");
    assertThat(file.origin("train.parameters.alpha")).contains("promotion.yaml:6");
    assertThat(file.origin("batch.job")).isEmpty();
    assertThat(file.values())
        .contains(new EffectiveValue("gates.roc_auc", ">= 0.80", "promotion.yaml:9"))
        .contains(new EffectiveValue("path", "dev → qa → prod", "promotion.yaml:16"));
  }

  @Test
  void aModelAloneIsEnough() {
    assertThat(good("model: churn\n").notebooks()).isEmpty();
    assertThat(good("model: churn\nbatch: notebooks/score.py\n").notebooks())
        .containsExactly(Map.entry("batch", "notebooks/score.py"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\1',
      textBlock =
          """
          gate: {}                     | promotion.yaml:2: unknown key "gate"; did you mean "gates"? allowed: model, registered-as, experiment, check, train, choose, gates, evaluate, rehearse, batch, verify, concurrency, serve, path
          train: 3                     | promotion.yaml:2: train is a number, must be text or a map; allowed: for example "notebooks/train.py"
          train:                       | promotion.yaml:2: train is empty, must be text or a map; allowed: for example "notebooks/train.py"
          train: ../train.py           | promotion.yaml:2: train is "../train.py", which is not a valid relative notebook path; allowed: a path below the folder of promotion.yaml, with "/", ending in .py, .ipynb or nothing
          train: {parameters: {a: 1}}  | promotion.yaml:2: train does not say what to run; add one, as "notebook: notebooks/train.py"; allowed: one of notebook, job, script, wheel
          train: {notebok: a.py, notebook: b.py} | promotion.yaml:2: unknown key "notebok" in train; did you mean "notebook"? allowed: notebook, job, script, wheel, compute, parameters, timeout
          gates: {auc: "> 0.8"}        | promotion.yaml:2: gates.auc is "> 0.8", which is not a valid threshold; allowed: ">= NUMBER" or "<= NUMBER", such as ">= 0.8"
          gates: {auc: abc}            | promotion.yaml:2: gates.auc is "abc", which is not a valid threshold; allowed: ">= NUMBER" or "<= NUMBER", such as ">= 0.8"
          gates: {auc: ">= NaN"}       | promotion.yaml:2: gates.auc is ">= NaN", which is not a valid threshold; allowed: ">= NUMBER" or "<= NUMBER", such as ">= 0.8"
          gates: {auc: ">= 1e999"}     | promotion.yaml:2: the limit of auc is not a finite number; allowed: for example ">= 0.8"
          gates: {auc: .nan}           | promotion.yaml:2: gates.auc is ".nan", which is not a valid threshold; allowed: ">= NUMBER" or "<= NUMBER", such as ">= 0.8"
          gates: {auc: 0.8}            | promotion.yaml:2: gates.auc is a number, must be text or a map; allowed: for example ">= 0.8", "<= 60"
          gates: {auc: {limit: ">= 1", tolerance: -1}} | promotion.yaml:2: gates.auc.tolerance is -1; allowed: at least 0
          serve: "yes"                 | promotion.yaml:2: serve is text, must be true or false or a map; allowed: for example true
          batch: {notebook: s.py, schedule: "0 6 * * *"} | promotion.yaml:2: the schedule has 5 fields; allowed: Quartz cron with 6 or 7 fields, seconds first, such as "0 0 6 * * ?"
          batch: {notebook: s.py, schedule: "0 0 6 * * *"} | promotion.yaml:2: exactly one of the schedule's day of month and day of week must be "?"; allowed: Quartz cron with 6 or 7 fields, seconds first, such as "0 0 6 * * ?"
          batch: {notebook: s.py, timezone: Mars} | promotion.yaml:2: "Mars" is not a time zone; allowed: a name such as UTC or Europe/Lisbon, or an offset in minutes such as +02:00
          batch: {notebook: s.py, timeout: 2x} | promotion.yaml:2: batch.timeout is "2x", which is not a valid duration; allowed: 90m, 6h, 14d, 1h30m and the like (w, d, h, m, s), or ISO 8601 such as PT90M; at most 999 days
          check: {notebook: s.py, timeout: 90} | promotion.yaml:2: check.timeout is a number, must be text; allowed: for example 90m, 6h, 1h30m
          train: {notebook: s.py, timeout: 0m} | promotion.yaml:2: train.timeout must be greater than zero, not 0m; allowed: 90m, 6h, 14d, 1h30m and the like (w, d, h, m, s), or ISO 8601 such as PT90M; at most 999 days
          train: {notebook: s.py, timeout: P999DT1S} | promotion.yaml:2: train.timeout is "P999DT1S", which is not a valid duration; allowed: 90m, 6h, 14d, 1h30m and the like (w, d, h, m, s), or ISO 8601 such as PT90M; at most 999 days
          batch: {notebook: s.py, table: "a b"} | promotion.yaml:2: batch.table is "a b", which is not a valid table name; allowed: letters, digits and "_", not starting with a digit; up to three parts separated by "."
          choose: rmse                 | promotion.yaml:2: choose is "rmse", which is not a valid choice of a run; allowed: "highest METRIC" or "lowest METRIC", such as "lowest rmse"
          choose: [lowest rmse]        | promotion.yaml:2: choose is a list, must be text; allowed: for example "lowest rmse", "highest accuracy"
          path: [dev, dev]             | promotion.yaml:2: path lists something twice; allowed: no duplicates
          path: dev                    | promotion.yaml:2: path is text, must be a list; allowed: for example ["dev","qa","prod"]
          serve: {steps: 50}           | promotion.yaml:2: serve.steps is a number, must be a list; allowed: for example [5,25,50,100]
          serve: {steps: [2.5]}        | promotion.yaml:2: entry 1 of serve.steps is 2.5, must be a whole number; allowed: for example 5
          serve: {keep: one}           | promotion.yaml:2: serve.keep is the text "one", must be a whole number; allowed: for example 1
          serve: {limits: {tolerance: low}} | promotion.yaml:2: serve.limits.tolerance is the text "low", must be a number; allowed: for example 0.5
          serve: {size: 3}             | promotion.yaml:2: serve.size is a number, must be text; allowed: for example small
          train: {notebook: t.py, parameters: {key: "keyvault:team/secret"}} | promotion.yaml:2: train.parameters.key is a reference to a secret; it belongs in the platform file, portage.yaml
          train: {notebook: t.py, job: nightly} | promotion.yaml:2: train has notebook and job; allowed: one of notebook, job, script, wheel
          check: {script: t.py, wheel: {package: a, entry-point: b}} | promotion.yaml:2: check has script and wheel; allowed: one of notebook, job, script, wheel
          batch: {notebook: t.py, script: s.py, job: j} | promotion.yaml:2: batch has notebook and script; allowed: one of notebook, job, script, wheel, settings
          batch: {table: t}            | promotion.yaml:2: batch does not say what to run; add one, as "notebook: notebooks/batch.py"; allowed: one of notebook, job, script, wheel, settings
          train: {job: nightly, compute: gpu} | promotion.yaml:2: train has both compute and job: a job runs on the compute in its own settings; allowed: compute with notebook, script or wheel
          batch: {job: nightly, schedule: "0 0 6 * * ?"} | promotion.yaml:2: batch has both schedule and a job of yours, whose settings Portage never changes; set it in the job, and leave it out here
          train: {job: nightly, parameters: [a]} | promotion.yaml:2: train.parameters is a list, and a job has names for them; allowed: a map of names and values
          batch: {script: s.py, parameters: [a]} | promotion.yaml:2: batch.parameters is a list, but none passes the version; allowed: "{model_uri}" or "{model_version}" as one of the values
          batch: {script: s.py, parameters: {out: "{table}"}} | promotion.yaml:2: batch.parameters has values in braces, but none passes the version; allowed: "{model_uri}" or "{model_version}" as one of the values
          batch: {notebook: s.py, parameters: ["{model_uri}"]} | promotion.yaml:2: batch.parameters is a list, and a notebook has names for them; allowed: a map of names and values
          batch: {job: nightly, parameters: {uri: "{model_uri}"}} | promotion.yaml:2: batch.parameters has values in braces, but a job of yours gets them through parameters of its own: model_uri, model_version, table, batch_id and promotion_id; allowed: plain values
          batch: {notebook: s.py, verify: sizes} | promotion.yaml:2: batch.verify is "sizes", which is unknown; allowed: rows, table, none
          batch: {notebook: s.py, verify: table} | promotion.yaml:2: batch.verify is table, so rows don't name their version, and no value in batch.parameters passes the version to the scoring; allowed: rows; or a parameter with "{model_uri}" or "{model_version}" as its value
          batch: {job: nightly, verify: none} | promotion.yaml:2: batch has both verify and a job of yours, whose predictions are checked as far as the columns of its table allow; leave it out
          train: {script: train.sh}    | promotion.yaml:2: train.script is "train.sh", which is not a valid relative path of a Python file; allowed: a path below the folder of promotion.yaml, with "/", ending in .py
          train: {wheel: {package: churn}} | promotion.yaml:2: key "entry-point" is missing in train.wheel; add it, such as "entry-point: train"
          train: {wheel: {package: churn, entry-point: t, file: dist/churn-1.whl}} | promotion.yaml:2: train.wheel.file is "dist/churn-1.whl", which is not a valid place that wheels are installed from; allowed: an uploaded .whl under /Volumes, /Workspace, abfss:, s3: or gs: (Databricks installs none out of a commit; {commit} stands for the commit's id)
          train: {wheel: {package: churn, entry-point: t, file: /Volumes/m/w/v/churn_core-1-py3-none-any.whl}} | promotion.yaml:2: train.wheel.file is a wheel of package churn_core, and the package is churn; allowed: a wheel of that package, whose name begins with churn-
          train: notebooks/train.sql   | promotion.yaml:2: train is "notebooks/train.sql", which is not a valid relative notebook path; allowed: a path below the folder of promotion.yaml, with "/", ending in .py, .ipynb or nothing
          experiment: "env:TOKEN"      | promotion.yaml:2: experiment is a reference to a secret; it belongs in the platform file, portage.yaml
          experiment: dapi0123456789abcdef | promotion.yaml:2: experiment contains a Databricks token; remove it here and revoke it
          """)
  void anErrorIsReportedWithFileLineAndWhatIsAllowed(String line, String error) {
    assertThat(faults("model: churn\n" + line + "\n")).containsExactly(error);
  }

  @Test
  void theFileMayChooseBetweenSeveralRuns() {
    assertThat(good("model: churn\nchoose: highest  val f1/macro\n").choice())
        .isEqualTo(new RunChoice(RunChoice.Best.HIGHEST, "val f1/macro"));
    assertThat(good("model: churn\n").choice()).isNull();
  }

  @Test
  void theModelIsRequiredAndItsNameIsChecked() {
    assertThat(faults("train: t.py\n"))
        .containsExactly(
            "promotion.yaml:1: key \"model\" is missing; add it, such as \"model: churn\"");
    assertThat(faults("model: Churn Model\n"))
        .singleElement()
        .asString()
        .startsWith(
            "promotion.yaml:1: model is \"Churn Model\", which is not a valid model name; allowed:");
    assertThat(faults("- a\n"))
        .containsExactly("promotion.yaml:1: the file is a list, must be a map");
  }

  @Test
  void everyFaultIsReportedAtOnceInOrderOfLines() {
    assertThat(faults("train: 1\nmodel: churn\nfoo: 1\ngates:\n  auc: high\n"))
        .extracting(text -> text.substring(0, 17))
        .containsExactly("promotion.yaml:1:", "promotion.yaml:3:", "promotion.yaml:5:");
  }

  @Test
  void aNotebookMissingInTheCommitIsNamedWithItsLine() {
    PromotionFile file = good(WHOLE);

    assertThat(
            file.missingFiles(
                List.of("notebooks/check.py", "notebooks/trian.py", "notebooks/score.py")))
        .extracting(ValidationError::toString)
        .containsExactly(
            "promotion.yaml:5: train names notebooks/train.py, which is not in the commit;"
                + " did you mean \"notebooks/trian.py\"?");
    assertThat(file.missingFiles(file.notebooks().values())).isEmpty();
  }

  @Test
  void eachStepHasOneOfFourForms() {
    PromotionFile file =
        good(
            """
            model: churn
            check: { script: tests/check.py, parameters: [--fast, 007], compute: small }
            train: { job: "[dev ana] train", parameters: { alpha: 1e6 }, timeout: PT2H }
            batch:
              wheel: { package: churn, entry-point: score, file: "/Volumes/m/w/{commit}/churn-1.whl" }
              parameters: { rows: 10 }
              job: nightly
              compute: gpu
            """);

    assertThat(file.check())
        .isEqualTo(
            new Work.Script(
                "tests/check.py",
                Map.of(),
                List.of("--fast", "007"),
                Duration.ofHours(1),
                "small"));
    assertThat(file.train())
        .isEqualTo(new Work.Job("[dev ana] train", Map.of("alpha", "1e6"), Duration.ofHours(2)));
    assertThat(file.batch())
        .isEqualTo(
            new PromotionFile.Batch(
                new Work.Wheel(
                    "churn",
                    "score",
                    "/Volumes/m/w/{commit}/churn-1.whl",
                    Map.of("rows", "10"),
                    null,
                    Duration.ofHours(12),
                    "gpu"),
                null,
                "nightly",
                null,
                null,
                null,
                null));
    assertThat(file.notebooks()).isEmpty();
    assertThat(file.missingFiles(List.of("tests/chek.py")))
        .extracting(ValidationError::toString)
        .containsExactly(
            "promotion.yaml:2: check names tests/check.py, which is not in the commit; did you"
                + " mean \"tests/chek.py\"?");
    assertThat(file.needsCommit()).isTrue();
  }

  @Test
  void aJobAloneIsTheTeamsOwnByNameOrId() {
    assertThat(good("model: churn\nbatch: { job: 0123, table: t }\n").batch())
        .isEqualTo(
            new PromotionFile.Batch(
                new Work.Job("0123", Map.of(), Duration.ofHours(12)),
                "t",
                null,
                null,
                null,
                null,
                null));
    assertThat(good("model: churn\ntrain: { job: nightly }\n").needsCommit()).isFalse();
  }

  @Test
  void aRehearsalThatWouldHaveNothingToCheckIsRefused() {
    assertThat(
            faults(
                """
                model: churn
                rehearse: true
                batch:
                  script: score.py
                  parameters: ["{model_uri}"]
                  verify: table
                """))
        .containsExactly(
            "promotion.yaml:2: a rehearsal checks rows, but with this batch.verify they don't name their version; allowed: false, or leave it out");
  }

  @Test
  void existingScoringDeclaresItsParametersAndWhatIsVerified() {
    PromotionFile.@Nullable Batch batch =
        good("""
        model: churn
        batch:
          script: score.py
          parameters: [--model, "{model_uri}", --out, "{table}"]
          verify: table
        """)
            .batch();

    assertThat(Objects.requireNonNull(batch).check()).isEqualTo(PredictionCheck.TABLE);
    assertThat(batch.work())
        .isEqualTo(
            new Work.Script(
                "score.py",
                Map.of(),
                List.of("--model", "{model_uri}", "--out", "{table}"),
                Duration.ofHours(12),
                null));
  }

  @Test
  void aNotebookMayBeNamedWithoutItsEnding() {
    PromotionFile file = good("model: churn\ntrain: notebooks/train\n");

    assertThat(file.missingFiles(List.of("notebooks/train.ipynb"))).isEmpty();
    assertThat(file.named(List.of("notebooks/train.ipynb", "notebooks/train.py", "x.py")))
        .containsExactly("notebooks/train.py", "notebooks/train.ipynb");
    assertThat(file.missingFiles(List.of("notebooks/trian.py"))).hasSize(1);
  }

  private static PromotionFile good(String text) {
    return switch (PromotionFile.read("promotion.yaml", text)) {
      case Reading.Good<PromotionFile>(PromotionFile file) -> file;
      case Reading.Wrong<PromotionFile>(List<ValidationError> faults) ->
          throw new AssertionError(faults.toString());
    };
  }

  private static List<String> faults(String text) {
    return PromotionFile.read("promotion.yaml", text).faults().stream()
        .map(ValidationError::toString)
        .toList();
  }
}
