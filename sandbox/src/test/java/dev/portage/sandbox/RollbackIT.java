package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A second release is taken back by the command, on real servers. Its job has settings from a file
 * of the team's, and somebody has deleted it by then.
 */
@SharesTheWorld
class RollbackIT {

  private static final String JOB = "goback nightly";
  private static final String FILE =
      """
      {"name": "goback nightly", "max_concurrent_runs": 2,
       "parameters": [{"name": "model_uri", "default": ""}, {"name": "model_version", "default": "1"},
         {"name": "table", "default": ""}, {"name": "batch_id", "default": "{{job.run_id}}"},
         {"name": "promotion_id", "default": ""}],
       "tasks": [{"task_key": "score",
         "notebook_task": {"notebook_path": "notebooks/score", "source": "GIT"}}],
       "schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"},
       "tags": {"team": "risk"}}
      """;

  @Test
  @Tag("S1.12")
  @Tag("S1.24")
  void theReleaseBeforeIsLiveAgainAndTheRowsOfTheOneThatWasLeftAreGone() throws Exception {
    Team team = Team.tiny("goback");
    team.change("promotion.yaml", "notebook: notebooks/score.py", "settings: jobs/score.json");
    Path file =
        Files.createDirectories(team.repository().folder().resolve("jobs")).resolve("score.json");
    Files.writeString(file, FILE);
    released(team, "first");
    Files.writeString(
        file, FILE.replace("\"max_concurrent_runs\": 2", "\"max_concurrent_runs\": 3"));
    String second = released(team, "second");

    Result none = team.commands().json("rollback", "goback", "--by", "ana@example.com", "--yes");
    assertThat(none.code()).isEqualTo(2);
    Result never = back(team, "--to", "9");
    assertThat(never.code()).isEqualTo(2);
    assertThat(never.out())
        .contains("version 9 was never released there")
        .contains("versions 2, 1");
    try (Witness witness = new Witness(TheWorld.world())) {
      assertThat(job(witness).at("/settings/max_concurrent_runs").asInt()).isEqualTo(3);
      Path files = filesOf(witness, "1");
      Path elsewhere = files.resolveSibling("moved");
      Files.move(files, elsewhere);
      Result gone = back(team);
      Files.move(elsewhere, files);
      assertThat(gone.code()).as(gone.out()).isNotZero();
      assertThat(gone.out())
          .contains("that version is not whole, or can't be read")
          .contains("Nothing was changed");
      delete(job(witness).path("job_id").asLong());
      assertThat(witness.jobs("prod", JOB)).isEmpty();
    }

    Result back = back(team);

    assertThat(back.code()).as(back.out()).isZero();
    assertThat(back.out())
        .contains("\"id\" : \"rollback/prod/goback/1\"")
        .contains("\"state\" : \"DONE\"")
        .contains("version 2 → version 1 in prod")
        .contains("rows of batch " + second + "/prod were removed");
    try (Witness witness = new Witness(TheWorld.world())) {
      JsonNode settings = job(witness).path("settings");
      assertThat(settings.path("max_concurrent_runs").asInt()).isEqualTo(2);
      assertThat(settings.at("/tags/team").asText()).isEqualTo("risk");
      assertThat(settings.at("/schedule/pause_status").asText()).isEqualTo("UNPAUSED");
      assertThat(settings.at("/tags/portage_version").asText()).isEqualTo("1");
    }
    assertThat(team.commands().run("status", "rollback/prod/goback/1").out())
        .contains("it is wrong")
        .contains("✓");
    assertThat(team.commands().run("list", "--model", "goback").out())
        .contains("rollback/prod/goback/1");
    assertThat(team.commands().run("history", "goback").out()).contains("it is wrong");
    assertThat(team.commands().run("status", second).out())
        .as("the promotion that was taken back")
        .contains("since then: rollback/prod/goback/1  DONE, ");
  }

  private static Result back(Team team, String... more) {
    List<String> line = new ArrayList<>(List.of("rollback", "goback"));
    line.addAll(List.of(more));
    line.addAll(List.of("--reason", "it is wrong", "--by", "ana@example.com", "--yes"));
    return team.commands().json(line.toArray(String[]::new));
  }

  private static JsonNode job(Witness witness) {
    List<JsonNode> jobs = witness.jobs("prod", JOB);
    assertThat(jobs).hasSize(1);
    return jobs.getFirst();
  }

  /** The folder in which the server keeps them. */
  private static Path filesOf(Witness witness, String version) throws IOException {
    return TheWorld.world()
        .folder()
        .workspace("prod")
        .resolve("mlflow")
        .resolve("artifacts")
        .resolve(
            witness.artifacts(
                "prod",
                witness.versions("prod", "goback").stream()
                    .filter(one -> one.getVersion().equals(version))
                    .findFirst()
                    .orElseThrow()));
  }

  /** As somebody does it in the workspace. */
  private static void delete(long job) throws IOException, InterruptedException {
    World world = TheWorld.world();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(world.workspace("prod").host().resolve("/api/2.2/jobs/delete"))
                  .header(
                      "Authorization", "Bearer " + Files.readString(world.token("prod")).strip())
                  .POST(HttpRequest.BodyPublishers.ofString("{\"job_id\": " + job + "}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  private static String released(Team team, String message) throws IOException {
    String id = team.commit(message);
    assertThat(team.start().code()).isEqualTo(4);
    Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isZero();
    return id;
  }
}
