package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Reaper.Kill;
import dev.portage.sandbox.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/** Steps that are scripts, wheels and the team's own jobs, with workers that die. */
@OwnsTheWorld
class FormsIT {
  private static final int WAITING = 4;
  private static final int DONE = 0;
  private static final String WHEEL =
      "/Volumes/main/default/data/portage_forms-1.0-py3-none-any.whl";

  private final World world = TheWorld.world();

  @Test
  void scriptsTrainAndScoreOnceAlthoughTheWorkerDies() throws Exception {
    Team team = Team.tiny("scripted");
    asScripts(team);
    team.change("promotion.yaml", "check: notebooks/check.py", "check: { script: src/check.py }");
    team.change("promotion.yaml", "train: notebooks/train.py", "train: { script: src/train.py }");
    team.change("promotion.yaml", "notebook: notebooks/score.py", "script: src/score.py");
    String promotion = team.commit("Scripts train and score");

    List<Kill> kills =
        released(
            team,
            promotion,
            Set.of("check SubmitNotebook", "train SubmitNotebook", "prod/batch RunJob"));

    assertThat(kills).hasSize(6);
    try (Witness witness = new Witness(world)) {
      assertThat(witness.submittedRuns("dev", "scripted check")).hasSize(1);
      assertThat(witness.submittedRuns("dev", "scripted train")).hasSize(1);
      assertThat(witness.jobs("prod", "scripted-batch")).hasSize(1);
      assertThat(witness.jobRuns("prod", "scripted-batch")).hasSize(1);
      oneVersion(witness, team, promotion);
    }
  }

  @Test
  void theTeamsJobsTrainAndScoreOnceAlthoughTheWorkerDies() throws Exception {
    Team team = Team.tiny("employed");
    team.change("promotion.yaml", "check: notebooks/check.py", "check: { job: employed-check }");
    team.change("promotion.yaml", "train: notebooks/train.py", "train: { job: employed-nightly }");
    team.change("promotion.yaml", "notebook: notebooks/score.py", "job: employed-scores");
    String promotion = team.commit("Jobs of ours train and score");
    // Its notebook is stored in the workspace, so its commit is unknown.
    call(
        "POST",
        "dev",
        "/api/2.0/workspace-files/import-file/Shared/employed-check.py?overwrite=true",
        BodyPublishers.ofFile(team.repository().folder().resolve("notebooks/check.py")));
    call(
        "POST",
        "dev",
        "/api/2.2/jobs/create",
        BodyPublishers.ofString(
            """
            {"name": "employed-check", "tasks": [{"task_key": "main",
              "notebook_task": {"notebook_path": "/Shared/employed-check"}}]}\
            """));
    job(team, "dev", "employed-nightly", "notebooks/train", "");
    job(
        team,
        "prod",
        "employed-scores",
        "notebooks/score",
        """
        , "parameters": [{"name": "model_uri", "default": ""}, {"name": "model_version", "default": ""},
          {"name": "table", "default": ""}, {"name": "batch_id", "default": "{{job.run_id}}"},
          {"name": "promotion_id", "default": ""}]\
        """);

    List<Kill> kills =
        released(
            team,
            promotion,
            Set.of("check RunTheirJob", "train RunTheirJob", "prod/batch RunTheirJob"));

    assertThat(kills).hasSize(6);
    try (Witness witness = new Witness(world)) {
      assertThat(witness.jobRuns("dev", "employed-check")).hasSize(1);
      assertThat(witness.jobRuns("dev", "employed-nightly")).hasSize(1);
      assertThat(witness.jobRuns("prod", "employed-scores")).hasSize(1);
      assertThat(witness.jobs("prod", "employed-batch")).isEmpty();
      oneVersion(witness, team, promotion);
    }
  }

  /** The settings as jobs/get returned them: two tasks, and parameters that bear usual names. */
  @Test
  @Tag("S1.10")
  void aJobOfTheTeamsOwnSettingsIsRehearsedAndThenMadeAndRun() throws Exception {
    Team team = Team.tiny("settled");
    team.change("promotion.yaml", "notebook: notebooks/score.py", "settings: jobs/score.json");
    team.change("promotion.yaml", "rehearse: false", "rehearse: true");
    Path jobs = Files.createDirectories(team.repository().folder().resolve("jobs"));
    Path file = jobs.resolve("score.json");
    Files.writeString(
        file,
        """
        {"job_id": 17, "creator_user_name": "ana@example.com", "settings": {
          "name": "settled nightly", "format": "MULTI_TASK", "max_concurrent_runs": 2,
          "parameters": [{"name": "model_uri", "default": ""}, {"name": "model_version", "default": "1"},
            {"name": "table", "default": ""}, {"name": "batch_id", "default": "{{job.run_id}}"},
            {"name": "promotion_id", "default": ""}],
          "tasks": [
            {"task_key": "check", "notebook_task": {"notebook_path": "notebooks/check"}},
            {"task_key": "score", "depends_on": [{"task_key": "check"}],
             "notebook_task": {"notebook_path": "notebooks/score", "source": "GIT"}}],
          "schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"},
          "tags": {"team": "risk"}}}
        """);
    String promotion = team.commit("The job that scores already");

    Result waiting = team.start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(WAITING);
    assertThat(waiting.out()).contains("with the settings in jobs/score.json");
    Result end = team.approveAndWatch(promotion);

    assertThat(end.json().path("state").asText()).as(end.out()).isEqualTo("RELEASED");
    try (Witness witness = new Witness(world)) {
      assertThat(witness.submittedRuns("dev", "settled rehearse")).hasSize(1);
      assertThat(witness.jobRuns("prod", "settled nightly")).hasSize(1);
      assertThat(witness.jobs("prod", "settled nightly"))
          .singleElement()
          .satisfies(job -> {
            JsonNode settings = job.path("settings");
            assertThat(settings.path("max_concurrent_runs").asInt()).isEqualTo(2);
            assertThat(settings.at("/tags/team").asText()).isEqualTo("risk");
            assertThat(settings.at("/schedule/pause_status").asText()).isEqualTo("UNPAUSED");
          });
      oneVersion(witness, team, promotion);
    }
  }

  @Test
  void wheelsTrainAndScoreOnceAlthoughTheWorkerDies() throws Exception {
    Team team = Team.tiny("packed");
    asScripts(team);
    for (String workspace : World.WORKSPACES) {
      upload(team, workspace);
    }
    String wheel = "wheel: { package: portage-forms, entry-point: %s, file: " + WHEEL + " }";
    team.change(
        "promotion.yaml",
        "check: notebooks/check.py",
        "check: { " + wheel.formatted("check") + " }");
    team.change(
        "promotion.yaml", "train: notebooks/train.py", "train: { " + wheel.formatted("fit") + " }");
    team.change("promotion.yaml", "notebook: notebooks/score.py", wheel.formatted("score"));
    String promotion = team.commit("A wheel trains and scores");

    List<Kill> kills =
        released(
            team,
            promotion,
            Set.of("check SubmitNotebook", "train SubmitNotebook", "prod/batch RunJob"));

    assertThat(kills).hasSize(6);
    try (Witness witness = new Witness(world)) {
      assertThat(witness.submittedRuns("dev", "packed check")).hasSize(1);
      assertThat(witness.submittedRuns("dev", "packed train")).hasSize(1);
      assertThat(witness.jobs("prod", "packed-batch")).hasSize(1);
      assertThat(witness.jobRuns("prod", "packed-batch")).hasSize(1);
      oneVersion(witness, team, promotion);
    }
  }

  /** Kills the worker that starts each of these runs, and again while it waits for the run. */
  private List<Kill> released(Team team, String promotion, Set<String> starts) throws Exception {
    // Lost attempts are reported to the server, so that the test waits for no timeout.
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    Set<String> all = new HashSet<>(starts);
    all.addAll(Set.of("check AwaitRun", "train AwaitRun", "prod/batch AwaitRun"));
    try (TemporalConnection temporal =
        TemporalConnection.open(Map.of(), team.repository().folder())) {
      Reaper reaper = new Reaper(world, temporal, promotion, all);
      World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(reaper));
      try {
        Result waiting = team.start();
        assertThat(waiting.code()).as(waiting.out()).isEqualTo(WAITING);
        Result end = team.approveAndWatch(promotion);
        assertThat(end.code()).as(end.out()).isEqualTo(DONE);
        assertThat(end.json().path("state").asText()).isEqualTo("RELEASED");
      } finally {
        World.WORKSPACES.forEach(name -> TheWorld.gate(name).watch(Gate.Watcher.NONE));
      }
      return reaper.kills();
    }
  }

  private static void oneVersion(Witness witness, Team team, String promotion) {
    List<ModelVersion> dev = witness.versions("dev", team.model());
    List<ModelVersion> prod = witness.versions("prod", team.model());
    assertThat(dev).hasSize(1);
    assertThat(prod).hasSize(1);
    assertThat(witness.runs("dev", promotion))
        .singleElement()
        .satisfies(run -> assertThat(run.getRunId()).isEqualTo(dev.getFirst().getRunId()));
    assertThat(witness.files("prod", prod.getFirst()))
        .isEqualTo(witness.files("dev", dev.getFirst()))
        .isNotEmpty();
    assertThat(witness.rows(team.model() + "_predictions")).isEqualTo(Map.of(promotion + " 1", 10));
  }

  /** The notebooks as programs: they take by options what a notebook gets by widgets. */
  private static void asScripts(Team team) throws IOException {
    Path root = team.repository().folder();
    Files.createDirectories(root.resolve("src"));
    for (String name : List.of("tracking", "check", "train", "score")) {
      String notebook = Files.readString(root.resolve("notebooks/" + name + ".py"));
      String script =
          notebook
              .replace("# Databricks notebook source\n", "")
              .replace("# MAGIC %run ./tracking", "from tracking import *")
              .replaceAll("dbutils\\.widgets\\.get\\((\\w+)\\)", "options[$1]")
              .replaceAll("dbutils\\.notebook\\.exit\\(.*", "");
      Files.writeString(
          root.resolve("src/" + name + ".py"),
          name.equals("score")
              ? "import sys\noptions = dict(word[2:].split(\"=\", 1) for word in sys.argv[1:])\n"
                  + script
              : script);
    }
  }

  /** A deployed job that runs the team's notebook from the branch. */
  private void job(Team team, String workspace, String name, String notebook, String more)
      throws IOException, InterruptedException {
    call(
        "POST",
        workspace,
        "/api/2.2/jobs/create",
        BodyPublishers.ofString(
            """
            {"name": "%s", "git_source": {"git_url": "%s", "git_provider": "gitHub",
              "git_branch": "main"}, "tasks": [{"task_key": "main",
              "notebook_task": {"notebook_path": "%s"}}]%s}\
            """
                .formatted(name, "file://" + team.repository().folder(), notebook, more)));
  }

  private void upload(Team team, String workspace) throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Path source = team.repository().folder().resolve("src");
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "tracking.py", Files.readString(source.resolve("tracking.py")));
      add(
          zip,
          "portage_forms.py",
          """
          def check():
              print("all is well")

          def fit():
              import portage_forms_train

          def score():
              import portage_forms_score
          """);
      add(zip, "portage_forms_score.py", Files.readString(source.resolve("score.py")));
      add(zip, "portage_forms_train.py", Files.readString(source.resolve("train.py")));
      String info = "portage_forms-1.0.dist-info/";
      add(zip, info + "METADATA", "Metadata-Version: 2.1\nName: portage-forms\nVersion: 1.0\n");
      add(
          zip,
          info + "WHEEL",
          "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
      add(zip, info + "entry_points.txt", "[console_scripts]\nfit = portage_forms:fit\n");
      add(
          zip,
          info + "RECORD",
          """
          tracking.py,,
          portage_forms.py,,
          portage_forms_train.py,,
          portage_forms_score.py,,
          portage_forms-1.0.dist-info/METADATA,,
          portage_forms-1.0.dist-info/WHEEL,,
          portage_forms-1.0.dist-info/entry_points.txt,,
          portage_forms-1.0.dist-info/RECORD,,
          """);
    }
    call(
        "PUT",
        workspace,
        "/api/2.0/fs/files" + WHEEL + "?overwrite=true",
        BodyPublishers.ofByteArray(bytes.toByteArray()));
  }

  private static void add(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private void call(String method, String workspace, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    URI address = world.workspace(workspace).host().resolve(path);
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + Files.readString(world.token(workspace)).strip())
            .method(method, body)
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    }
  }
}
