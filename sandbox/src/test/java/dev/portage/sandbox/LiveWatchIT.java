package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.sandbox.failures.Traffic;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A version passes every check and turns bad after its release: its watch takes it back by itself,
 * while readers go on asking, and the next promotion is held until a person ends the hold.
 */
@SharesTheWorld
@Tag("S2.35")
class LiveWatchIT {
  private static final String ENDPOINT = "watched";
  private static final String BODY = "{\"dataframe_records\":[{\"x\":3.0}]}";
  private static final String WATCH = "watch/prod/watched/2";
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private static final String SERVE =
      """
      serve:
        steps: [50]
        soak: 1s
        watch: { for: 10m, every: 1s }
        cases:
          - request: { dataframe_records: [{ x: 3.0 }] }
            answer: { predictions: [6.0] }
      batch:\
      """;

  private final World world = TheWorld.world();

  @Test
  void aVersionThatTurnsBadAfterItsReleaseIsTakenBackAndItsModelIsHeld() throws Exception {
    Team team = Team.tiny(ENDPOINT);
    team.change("promotion.yaml", "batch:", SERVE);
    released(team, "first");
    String second = released(team, "second");
    try (Witness witness = new Witness(world);
        Traffic load = new Traffic(world, ENDPOINT, BODY)) {
      assertThat(witness.served("prod", ENDPOINT))
          .isEqualTo(Map.of("watched-1", 0, "watched-2", 100));
      assertThat(json(team, "status", WATCH).path("state").asText()).isEqualTo("RUNNING");
      assertThat(team.commands().run("list", "--model", ENDPOINT).out()).contains(WATCH);

      world
          .workspace("prod")
          .servingFaults()
          .add(ServingFault.always("watched/2", new ServingEffect.WrongAnswers()));
      Commands.Result end = team.commands().json("watch", WATCH);

      assertThat(end.code()).as(end.out()).isEqualTo(3);
      assertThat(end.json().path("state").asText()).isEqualTo("REJECTED");
      assertThat(end.json().path("broken").asText()).contains("requests by Portage failed");
      assertThat(end.json().path("rollback").asText()).isEqualTo("rollback/prod/watched/1");
      assertThat(end.json().path("held").asBoolean()).isTrue();
      assertThat(witness.served("prod", ENDPOINT)).isEqualTo(Map.of("watched-1", 100));
      JsonNode rollback = json(team, "status", "rollback/prod/watched/1");
      assertThat(rollback.path("state").asText()).isEqualTo("DONE");
      assertThat(rollback.path("startedBy").asText()).isEqualTo(WATCH);
      assertThat(team.commands().run("status", second).out())
          .contains("since then: rollback/prod/watched/1  DONE, ")
          .contains("since then: " + WATCH + "  REJECTED, ")
          .contains("promotions of watched to prod are held until: portage unfreeze");
      Traffic.Came came = load.end();
      assertThat(came.failed()).isEmpty();
      assertThat(came.answered()).containsKeys("watched-1", "watched-2");
    }
    isHeldUntilLetGo(team);
  }

  private static void isHeldUntilLetGo(Team team) throws IOException {
    String third = commit(team, "third");
    assertThat(team.start().code()).isEqualTo(4);
    CompletableFuture<Commands.Result> watched = Together.begin(() -> team.approveAndWatch(third));
    Awaitility.await()
        .atMost(LONGEST)
        .until(() -> json(team, "status", third).path("state").asText().equals("FROZEN"));
    assertThat(json(team, "status", third).path("says").asText())
        .contains("promotions of watched to prod are held since", "by " + WATCH)
        .contains("To end it: portage unfreeze --model watched --reason TEXT");
    Commands.Result history = team.commands().run("history", ENDPOINT, "--workspace", "prod");
    assertThat(history.out())
        .contains("rollback to version 1, from version 2, in prod by " + WATCH)
        .contains("freeze of promotions of watched in prod by " + WATCH);

    Commands.Result let =
        team.commands()
            .run("unfreeze", ENDPOINT, "--reason", "found it", "--by", "ops@example.com");

    assertThat(let.code()).as(let.out()).isZero();
    Commands.Result end = watched.join();
    assertThat(end.code()).as(end.out()).isZero();
    Commands.Result cancelled =
        team.commands()
            .run("cancel", "watch/prod/watched/3", "--reason", "done", "--by", "ana@example.com");
    assertThat(cancelled.code()).as(cancelled.out()).isZero();
  }

  private static JsonNode json(Team team, String command, String id) {
    return team.commands().json(command, id).json();
  }

  private static String commit(Team team, String message) throws IOException {
    Files.writeString(team.repository().folder().resolve("NOTES.txt"), message + "\n");
    return team.commit(message);
  }

  private static String released(Team team, String message) throws IOException {
    String id = commit(team, message);
    Commands.Result started = team.start();
    assertThat(started.code()).as(started.out()).isEqualTo(4);
    Commands.Result end = team.approveAndWatch(id);
    assertThat(end.code()).as(end.out()).isZero();
    return id;
  }
}
