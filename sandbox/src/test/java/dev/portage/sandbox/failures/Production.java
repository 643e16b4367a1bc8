package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.Team;
import dev.portage.sandbox.Witness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/**
 * A tiny team's model in production: its releases, the way back, and whether what is live there is
 * all of one release.
 */
final class Production {

  /** Rows of a batch. */
  private static final int ROWS = 10;

  private final Team team;
  private final Witness witness;
  private final Map<String, String> promotions = new LinkedHashMap<>();
  private int commits;

  /**
   * @param team a tiny one, of a model that no other test has
   */
  Production(Team team, Witness witness) {
    this.team = team;
    this.witness = witness;
  }

  Team team() {
    return team;
  }

  /** Commits a model with other bytes than those before. */
  String commit() throws IOException {
    team.change("notebooks/train.py", "SLOPE = ", "SLOPE = 1");
    commits++;
    return team.commit("Number " + commits);
  }

  /** Releases another model, and returns its version. */
  String release() throws IOException {
    String promotion = commit();
    Result waiting = team.start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
    Result end = team.approveAndWatch(promotion);
    assertThat(end.code()).as(end.out()).isZero();
    return released(promotion);
  }

  /** The version in production that a promotion made. */
  String released(String promotion) {
    String version =
        witness.versions("prod", team.model()).stream()
            .filter(one -> promotion.equals(Witness.tags(one).get("portage_promotion")))
            .map(ModelVersion::getVersion)
            .reduce((one, other) -> {
              throw new AssertionError(promotion + " made versions " + one + " and " + other);
            })
            .orElseThrow(() -> new AssertionError(promotion + " made no version"));
    promotions.put(version, promotion);
    return version;
  }

  /** Goes back, to the release before or to a version. */
  Result rollBack(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "rollback",
                team.model(),
                "--reason",
                "it is wrong",
                "--by",
                "ana@example.com",
                "--yes"));
    words.addAll(List.of(more));
    return team.commands().json(words.toArray(String[]::new));
  }

  /** Workflow id of the rollback with a number. */
  String rollback(int number) {
    return "rollback/prod/" + team.model() + "/" + number;
  }

  /**
   * All that is live is of that version, once: champion, label, job.
   *
   * @param predictions versions whose rows are in the table, each once
   */
  void isWhole(String version, List<String> predictions) {
    List<ModelVersion> all = witness.versions("prod", team.model());
    assertThat(
            all.stream()
                .filter(one -> one.getCurrentStage().equals("Production"))
                .map(ModelVersion::getVersion))
        .as("champion")
        .containsExactly(version);
    assertThat(
            all.stream()
                .filter(one -> "live".equals(Witness.tags(one).get("portage_release")))
                .map(ModelVersion::getVersion))
        .as("versions that say that they are live")
        .containsExactly(version);
    scoresWith(version);
    Map<String, Integer> rows = new TreeMap<>();
    predictions.forEach(one -> rows.put(promotions.get(one) + " " + one, ROWS));
    assertThat(witness.rows(team.model() + "_predictions")).as("rows").isEqualTo(rows);
  }

  /** There is one scoring job, and it is that version's. */
  void scoresWith(String version) {
    assertThat(witness.jobs("prod", team.model() + "-batch"))
        .singleElement()
        .satisfies(
            job -> assertThat(job.toString()).contains(team.model() + " version " + version + "."));
  }

  /** Versions by the log, the newest first: "RELEASE 2". */
  List<String> log() {
    Result history = team.commands().json("history", team.model());
    assertThat(history.code()).as(history.out()).isZero();
    List<String> log = new ArrayList<>();
    for (JsonNode event : history.json().path("events")) {
      String kind = event.path("kind").asText();
      if (kind.equals("RELEASE") || kind.equals("ROLLBACK")) {
        log.add(kind + " " + event.path("release").path("version").asText());
      }
    }
    return log;
  }

  /** How often the log has a kind of entry. */
  long logged(String kind) {
    long times = 0;
    for (JsonNode event : team.commands().json("history", team.model()).json().path("events")) {
      times += event.path("kind").asText().equals(kind) ? 1 : 0;
    }
    return times;
  }
}
