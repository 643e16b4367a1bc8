package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.checkout.Checkout;
import dev.portage.checkout.TemporaryRepository;
import dev.portage.document.Reading;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.Work;
import dev.portage.temporal.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitCommandTest {

  private static final String NOTEBOOK = "# Databricks notebook source\n";

  private static final String TRAINS =
      NOTEBOOK
          + """
          import mlflow
          model_name = "main.ml.Churn_Model"
          with mlflow.start_run():
              model.fit(x, y)
              mlflow.log_metrics({"roc_auc": auc, "log_loss": loss})
              mlflow.sklearn.log_model(model, name="model")
              mlflow.register_model(f"runs:/{run_id}/model", model_name)
          """;

  private static final String SCORES =
      NOTEBOOK
          + """
          dbutils.widgets.text("model_uri", "")
          dbutils.widgets.text("table", "main.ml.churn_scores")
          dbutils.widgets.text("batch_id", "")
          model = mlflow.pyfunc.load_model(dbutils.widgets.get("model_uri"))
          model.predict(rows)
          """;

  private final Path folder;

  InitCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder.resolve("team-churn");
    Files.createDirectories(this.folder);
  }

  private InitCommandTest write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    return this;
  }

  private Town.Ran init(String... options) {
    String[] all = new String[options.length + 1];
    all[0] = "init";
    System.arraycopy(options, 0, all, 1, options.length);
    return new Terminal(folder, Map.of()).run(all);
  }

  private PromotionFile file() throws IOException {
    String text = Files.readString(folder.resolve("promotion.yaml"));
    Reading<PromotionFile> reading = PromotionFile.read("promotion.yaml", text);
    assertThat(reading).as(text).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<PromotionFile>) reading).value();
  }

  private static @Nullable String file(@Nullable Work work) {
    return work == null ? null : work.file();
  }

  @Test
  void findsNotebooksModelTableAndMetricsAndSaysWhere() throws IOException {
    new TemporaryRepository(folder).commit("nothing yet");
    write("notebooks/train.py", TRAINS).write("notebooks/score.py", SCORES);
    write("notebooks/checks.py", NOTEBOOK + "assert rows\n");
    write("src/features.py", "def features(x):\n    return x\n");
    write("tests/test_train.py", "import mlflow\nmlflow.sklearn.log_model(m)\n");

    Town.Ran ran = init();

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    PromotionFile file = file();
    assertThat(file.model()).isEqualTo("churn_model");
    assertThat(file.registeredName()).isEqualTo("Churn_Model");
    assertThat(file(file.train())).isEqualTo("notebooks/train.py");
    assertThat(file(file.check())).isEqualTo("notebooks/checks.py");
    PromotionFile.Batch batch = java.util.Objects.requireNonNull(file.batch());
    assertThat(file(batch.work())).isEqualTo("notebooks/score.py");
    assertThat(batch.table()).isEqualTo("main.ml.churn_scores");
    assertThat(Files.readString(folder.resolve("promotion.yaml")))
        .contains("#   roc_auc: \">= NUMBER\"")
        .contains("#   log_loss: \"<= NUMBER\"");
    assertThat(ran.out())
        .contains("notebooks/train.py  notebook; trains: mlflow.sklearn.log_model")
        .contains("model churn_model  from register_model in notebooks/train.py")
        .contains("git add promotion.yaml")
        .contains("portage plan promotion.yaml");
  }

  @Test
  void aGivenGateIsWrittenAndAnInvalidOneIsRefused() throws IOException {
    write("train.py", TRAINS);

    assertThat(init("--gate", "auc above 1").err()).contains("\"auc above 1\" is not a limit");
    assertThat(init("--gate", "auc >= 0.8", "--gate", "auc >= 0.9").err())
        .contains("--gate limits auc twice; allowed: once");
    assertThat(folder.resolve("promotion.yaml")).doesNotExist();
    assertThat(init("--gate", "roc_auc >= 0.8", "--gate", "log_loss<=0.4").code()).isZero();
    assertThat(file().thresholds()).extracting("metric").containsExactly("roc_auc", "log_loss");
  }

  /** As {@code databricks jobs get} writes them. */
  @Test
  void settingsOfAJobAreFoundAndCanBeNamed() throws IOException {
    write("train.py", TRAINS);
    write(
        "jobs/score.json",
        """
        {"job_id": 7, "settings": {"tasks": [{"task_key": "score", "notebook_task": {
          "notebook_path": "/Shared/score", "base_parameters": {"model_uri": "", "table": "",
            "batch_id": "", "promotion_id": ""}}}]}}
        """);
    write("jobs/other.json", "{\"tasks\": [{\"task_key\": \"x\", \"sql_task\": {}}]}");

    assertThat(init("--batch", "settings:jobs/other.json").err())
        .contains("jobs/other.json:1: no parameter passes the version");
    assertThat(init("--batch", "settings:jobs/none.json").err()).contains("databricks jobs get");
    assertThat(init().out()).contains("settings:jobs/score.json");
    assertThat(Files.readString(folder.resolve("promotion.yaml")))
        .contains("batch:\n  settings: jobs/score.json\n")
        .doesNotContain("schedule");
  }

  @Test
  void jupyterNotebooksAreReadByTheirCode() throws IOException {
    write(
        "Model Training.ipynb",
        """
        {"nbformat": 4, "cells": [
          {"cell_type": "markdown", "source": ["load_model("]},
          {"cell_type": "code", "source": ["import mlflow\\n", "mlflow.autolog()\\n", "m.fit(x, y)"]}
        ]}
        """);

    assertThat(init().code()).isZero();
    assertThat(file(file().train())).isEqualTo("Model Training.ipynb");
    assertThat(file().model()).as("nothing else names it").isEqualTo("team-churn");
  }

  @Test
  void anMlopsStacksProjectTrainsByItsNotebookAndItsJobsAreListed() throws IOException {
    write(
        "churn/databricks.yml",
        """
        bundle: { name: churn }
        variables:
          model_name: { default: "${bundle.name}-model" }
        include: [ ./resources/*.yml ]
        targets: { dev: { default: true } }
        """);
    write(
        "churn/resources/model-workflow-resource.yml",
        """
        resources:
          jobs:
            model_training_job:
              name: ${bundle.target}-churn-model-training-job
              tasks:
                - task_key: Train
                  notebook_task: { notebook_path: ../training/notebooks/Train.py }
            batch_inference_job:
              name: churn-batch-inference
              tasks:
                - task_key: batch_inference
                  notebook_task: { notebook_path: ../deployment/notebooks/BatchInference.py }
        """);
    write(
        "churn/training/notebooks/Train.py", NOTEBOOK + "mlflow.lightgbm.log_model(m, name='m')\n");
    write(
        "churn/validation/notebooks/ModelValidation.py",
        NOTEBOOK + "mlflow.pyfunc.load_model(u)\n");
    write(
        "churn/deployment/notebooks/BatchInference.py",
        NOTEBOOK + "from predict import predict_batch\npredict_batch(spark, model_uri)\n");
    write(
        "churn/deployment/predict.py",
        "def predict_batch(s, u):\n    mlflow.pyfunc.spark_udf(s, u)\n");

    Town.Ran ran = init();

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(file().model()).isEqualTo("churn-model");
    assertThat(file(file().train())).isEqualTo("churn/training/notebooks/Train.py");
    assertThat(file(java.util.Objects.requireNonNull(file().batch()).work()))
        .isEqualTo("churn/deployment/notebooks/BatchInference.py");
    assertThat(ran.out()).contains("also: --batch job:churn-batch-inference");
  }

  @Test
  void aBundlesJobsAndWheelsCountIfTheCommitHasNoCode() throws IOException {
    write(
        "databricks.yml",
        """
        bundle: { name: risk }
        resources:
          jobs:
            train_risk:
              name: risk-training
              tasks:
                - task_key: train
                  notebook_task: { notebook_path: /Shared/risk/train }
            score_risk:
              name: risk-scoring
              tasks:
                - task_key: score
                  python_wheel_task: { package_name: risk, entry_point: score }
        """);

    Town.Ran ran = init();

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(file().train()).isInstanceOf(Work.Job.class);
    assertThat(java.util.Objects.requireNonNull(file().batch()).work())
        .isInstanceOf(Work.Wheel.class);
  }

  @Test
  void aModelsNameMayBeThatOfARegisteredModelAsItIs() throws IOException {
    write("train.py", TRAINS);

    assertThat(init("--no-batch", "--model", "Wine Quality").code()).isZero();
    assertThat(file().model()).isEqualTo("wine-quality");
    assertThat(file().registeredName()).isEqualTo("Wine Quality");
  }

  @Test
  void inAnEmptyFolderTheNameThatItCouldHaveIsSaid() {
    assertThat(init("--model", "Wine Quality").err())
        .contains("portage init --model wine-quality")
        .contains("registered-as: \"Wine Quality\"");
  }

  @Test
  void aPackagesNameStaysWithinItsRemark() throws IOException {
    write("train.py", TRAINS);

    assertThat(init("--batch", "wheel:a\nname: x:main").err())
        .contains("package", "letters, digits")
        .doesNotContain("unknown key");
    assertThat(init("--batch", "wheel:churn:main").code()).isZero();
    assertThat(Files.readString(folder.resolve("promotion.yaml")))
        .contains("VOLUME/{commit}/churn.whl  # if");
  }

  @Test
  void aScriptIsNamedAsOne() throws IOException {
    write(
        "src/train.py",
        "import argparse\nimport mlflow\n\ndef main():\n    mlflow.sklearn.log_model(m, 'm',"
            + " registered_model_name='fraud')\n\nif __name__ == '__main__':\n    main()\n");

    assertThat(init("--no-batch").code()).isZero();
    assertThat(file().train()).isInstanceOf(Work.Script.class);
    assertThat(file().model()).isEqualTo("fraud");
    assertThat(file().batch()).isNull();
  }

  @Test
  void severalCandidatesAreListedWithTheOptionThatPicksOne() throws IOException {
    write("train_lr.py", TRAINS).write("train_gbm.py", TRAINS);

    Town.Ran several = init();
    JsonNode document =
        Payloads.mapper()
            .readTree(new Terminal(folder, Map.of()).run("init", "--output", "json").out());
    assertThat(several.code()).isEqualTo(ExitCode.WRONG);
    assertThat(several.err()).contains("--train train_gbm.py").contains("--train train_lr.py");
    assertThat(document.path("error").path("code").asText()).isEqualTo("ambiguous");
    assertThat(document.path("error").path("remedy").asText()).contains("--train train_gbm.py");
    assertThat(folder.resolve("promotion.yaml")).doesNotExist();

    assertThat(init("--train", "train_lr.py").code()).isZero();
    assertThat(file(file().train())).isEqualTo("train_lr.py");
  }

  @Test
  void asksOnceAtATerminal() throws IOException {
    write("train_lr.py", TRAINS).write("train_gbm.py", TRAINS);
    AtomicInteger asked = new AtomicInteger();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream screen = new PrintStream(out, true, StandardCharsets.UTF_8);

    int code =
        new CommandLine(
                new InitCommand(
                    new CommandEnvironment(
                        Map.of(),
                        folder,
                        screen,
                        screen,
                        Clock.systemUTC(),
                        CommandEnvironment.Timeouts.usual(),
                        true),
                    () -> {
                      asked.incrementAndGet();
                      return "2";
                    }))
            .execute();

    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(asked).hasValue(1);
    assertThat(file(file().train())).isEqualTo("train_lr.py");
  }

  @Test
  void codeThatTrainsNothingIsNotGuessedAt() throws IOException {
    write("report.py", NOTEBOOK + "display(rows)\n");

    Town.Ran ran = init();

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("found nothing that trains").contains("--train");
    assertThat(init("--train", "none.py").err()).contains("none.py");
    assertThat(init("--train", "report.py", "--model", "!?").err()).contains("!?");
    assertThat(folder.resolve("promotion.yaml")).doesNotExist();
  }

  @Test
  void parametersReadInALoopAreFound() throws IOException {
    write("train.py", TRAINS);
    write(
        "score.py",
        NOTEBOOK
            + "for name in ('model_uri', 'table', 'batch_id'):\n"
            + "    dbutils.widgets.text(name, '')\n"
            + "m = mlflow.pyfunc.load_model(dbutils.widgets.get('model_uri'))\n");

    assertThat(init("--train", "train.py").out())
        .doesNotContain("takes no")
        .doesNotContain("also: --train train.py");
  }

  @Test
  void aScoringNotebookThatTakesNoVersionIsNoted() throws IOException {
    write("train.py", TRAINS);
    write("score.py", NOTEBOOK + "m = mlflow.pyfunc.load_model('models:/churn/3')\n");

    assertThat(init().out()).contains("score.py takes no model_uri, table, batch_id");
  }

  @Test
  void nothingThatExistsIsOverwritten() throws IOException {
    write("promotion.yaml", "model: mine\n").write("train.py", TRAINS);

    Town.Ran ran = init();

    assertThat(ran.code()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("exists and was not changed").contains("portage plan");
    assertThat(Files.readString(folder.resolve("promotion.yaml"))).isEqualTo("model: mine\n");
  }

  @Test
  @Tag("S4.07")
  @Tag("S3.27")
  void anEmptyFolderBecomesAProjectInARepository() throws IOException {
    write("README.md", "mine\n");

    Town.Ran ran = init();

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(file().model()).isEqualTo("team-churn");
    assertThat(
            file()
                .missingFiles(
                    java.util.List.of(
                        "notebooks/check.py",
                        "notebooks/train.py",
                        "notebooks/score.py",
                        "notebooks/evaluate.py")))
        .isEmpty();
    assertThat(Files.readString(folder.resolve("README.md"))).isEqualTo("mine\n");
    assertThat(folder.resolve("azure-pipelines.yml")).isRegularFile();
    assertThat(folder.resolve(".gitignore")).isRegularFile();
    assertThat(Files.readString(folder.resolve("notebooks/train.py")))
        .startsWith(NOTEBOOK)
        .contains("/Shared/team-churn")
        .doesNotContain("__MODEL__", "__TABLE__");
    assertThat(Checkout.around(folder)).isPresent();
    assertThat(ran.out()).contains("git add --all").contains("portage start promotion.yaml");
  }

  @Test
  void aNameCreatesAFolder() throws IOException {
    Town.Ran ran = init("fraud");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(Files.readString(folder.resolve("fraud/promotion.yaml"))).contains("model: fraud");
    assertThat(ran.out()).contains("cd fraud");
  }
}
