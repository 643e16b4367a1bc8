package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.demo.ServedBefore;
import dev.portage.sandbox.failures.Traffic;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/**
 * A model that somebody serves by hand is adopted, its traffic moved to a second version, of a
 * third taken back by a person, and after that by a rollback to what was adopted; of a steady load
 * not one request fails.
 */
@SharesTheWorld
class ServingIT {
  private static final String ENDPOINT = "served";
  private static final String BODY = "{\"dataframe_records\":[{\"x\":3.0}]}";

  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final World world = TheWorld.world();

  @Test
  @Tag("S1.13")
  @Tag("S2.29")
  void trafficIsMovedAndTakenBackAndNoRequestIsLost() throws Exception {
    Team team = Team.tiny(ENDPOINT);
    team.change("promotion.yaml", "batch:", "serve:\n  steps: [50]\n  soak: 4s\nbatch:");
    try (ServedBefore byHand = new ServedBefore(world, ENDPOINT)) {
      byHand.make();
    }
    try (Witness witness = new Witness(world)) {
      try (Traffic load = new Traffic(world, ENDPOINT, BODY)) {
        String id = commit(team, "second");
        adopted(team, witness);
        Commands.Result second = released(team, id);
        assertThat(witness.served("prod", ENDPOINT))
            .isEqualTo(Map.of("served-1", 0, "served-2", 100));
        assertThat(second.json().path("notices").valueStream().map(JsonNode::asText))
            .anyMatch(notice ->
                notice.startsWith("readers in prod saw version 2 in this order: serve at "));

        aborted(team, load);
        // What was kept before is kept still: going back needs no start.
        assertThat(witness.served("prod", ENDPOINT))
            .isEqualTo(Map.of("served-1", 0, "served-2", 100));

        Commands.Result back =
            team.commands()
                .json(
                    "rollback",
                    ENDPOINT,
                    "--reason",
                    "it is wrong",
                    "--by",
                    "ana@example.com",
                    "--yes");
        assertThat(back.code()).as(back.out()).isZero();
        assertThat(witness.served("prod", ENDPOINT)).isEqualTo(Map.of("served-1", 100));
        assertThat(champions(witness)).containsExactly("1");
        assertThat(entries(team)).containsSubsequence("ROLLBACK", "RELEASE", "ADOPTION");

        Traffic.Came came = load.end();
        assertThat(came.failed()).isEmpty();
        assertThat(came.answered()).containsKeys("served-1", "served-2", "served-3");
        assertThat(came.sum()).isGreaterThan(50);
      }
    }
  }

  /** Nothing is promoted over what nobody recorded; the refusal names the command that records. */
  private static void adopted(Team team, Witness witness) {
    Commands.Result refused = team.start();
    assertThat(refused.code()).as(refused.out()).isEqualTo(2);
    assertThat(refused.out())
        .contains("there is an endpoint served already, which no promotion created")
        .contains("portage adopt served --workspace prod --endpoint served");
    assertThat(witness.tagsOfEndpoint("prod", ENDPOINT)).isEmpty();

    Commands.Result adopted =
        team.commands()
            .json(
                "adopt",
                ENDPOINT,
                "--workspace",
                "prod",
                "--endpoint",
                ENDPOINT,
                "--by",
                "ana@example.com",
                "--yes");

    assertThat(adopted.code()).as(adopted.out()).isZero();
    assertThat(witness.tagsOfEndpoint("prod", ENDPOINT))
        .containsEntry("portage_model", ENDPOINT)
        .containsEntry("portage_workspace", "prod");
    assertThat(witness.served("prod", ENDPOINT)).isEqualTo(Map.of("served-1", 100));
    assertThat(entries(team)).containsExactly("ADOPTION");
    assertThat(Witness.tags(witness.versions("prod", ENDPOINT).getFirst()))
        .containsEntry("portage_release", "live");
  }

  private static List<String> champions(Witness witness) {
    return witness.versions("prod", ENDPOINT).stream()
        .filter(version -> version.getCurrentStage().equals("Production"))
        .map(ModelVersion::getVersion)
        .toList();
  }

  /** Kinds of what the log has, the newest first. */
  private static List<String> entries(Team team) {
    return team.commands()
        .json("history", ENDPOINT)
        .json()
        .path("events")
        .valueStream()
        .map(event -> event.path("kind").asText())
        .toList();
  }

  /** A third version gets half of the traffic, and a person sends it back. */
  private static void aborted(Team team, Traffic load) throws IOException {
    team.change("promotion.yaml", "soak: 4s", "soak: 10m");
    String id = commit(team, "third");
    assertThat(team.start().code()).isEqualTo(4);
    CompletableFuture<Commands.Result> watched = Together.begin(() -> team.approveAndWatch(id));
    Awaitility.await().atMost(LONGEST).until(() -> load.answeredBy("served-3") > 0);
    Awaitility.await()
        .atMost(LONGEST)
        .untilAsserted(() -> {
          Commands.Result abort =
              team.commands()
                  .run("abort", id, "--by", "ana@example.com", "--comment", "looks wrong");
          assertThat(abort.code()).as(abort.out()).isZero();
        });
    Awaitility.await()
        .atMost(LONGEST)
        .until(() -> team.commands().json("status", id).out().contains("STOPPED"));
    assertThat(team.commands().run("cancel", id, "--by", "ana@example.com").code()).isZero();
    watched.join();
  }

  private static String commit(Team team, String message) throws IOException {
    Files.writeString(team.repository().folder().resolve("NOTES.txt"), message + "\n");
    return team.commit(message);
  }

  private static Commands.Result released(Team team, String id) {
    Commands.Result started = team.start();
    assertThat(started.code()).as(started.out()).isEqualTo(4);
    Commands.Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isZero();
    return end;
  }
}
