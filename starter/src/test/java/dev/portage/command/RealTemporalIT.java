package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.checkout.TemporaryRepository;
import dev.portage.temporal.Payloads;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the in-process server can't show: lists, and Updates that outlive their worker. */
class RealTemporalIT {

  @AutoClose private final Town town;
  private final String id;

  RealTemporalIT(@TempDir Path folder) throws IOException {
    Optional<Path> temporal = temporal();
    assumeTrue(temporal.isPresent(), "no program temporal: name one in PORTAGE_TEMPORAL");
    TemporaryRepository repository = new TemporaryRepository(folder);
    String commit = repository.commitProject("churn");
    id = "promotion/churn/" + commit.substring(0, 12);
    TemporalDevServer server =
        TemporalDevServer.start(
            "default",
            TemporalDevServerOptions.newBuilder()
                .setExistingPath(temporal.get().toString())
                .setDownloadEnabled(false)
                .setUi(false)
                .setLogFile("target/temporal.log")
                .build());
    town = new Town(folder, server.getTarget(), server::close);
  }

  @Test
  void aDecisionSentWithoutAWorkerCountsOnceWhenOneIsBack() throws IOException {
    town.working().run("start", "promotion.yaml");
    town.workerGoes();

    Town.Ran stored =
        town.run("approve", id, "--request", "prod-1", "--by", "ben@example.com", "--id", "mine");
    town.working();
    Town.Ran end = town.run("watch", id);
    JsonNode decisions =
        Payloads.mapper()
            .readTree(town.run("report", id, "--output", "json").out())
            .path("decisions");

    assertThat(stored.code()).isEqualTo(ExitCode.WAITING);
    assertThat(end.code()).isEqualTo(ExitCode.DONE);
    assertThat(decisions.size()).isEqualTo(1);
    assertThat(decisions.path(0).path("id").asText()).isEqualTo("mine");
  }

  @Test
  void aCancelWithoutAWorkerTakesEffectWhenOneIsBack() {
    town.working().run("start", "promotion.yaml");
    town.workerGoes();

    Town.Ran stored = town.run("cancel", id, "--reason", "wrong data");
    Town.Ran end = town.working().run("watch", id);
    town.workerGoes();
    Town.Ran later = town.run("status", id);

    assertThat(stored.code()).as(stored.err()).isEqualTo(ExitCode.WAITING);
    assertThat(stored.out()).contains("stored: no worker is responding");
    assertThat(end.code()).isEqualTo(ExitCode.FAILED);
    assertThat(end.out()).contains("CANCELLED");
    assertThat(later.out())
        .contains("cancelled by ana@example.com: wrong data; nothing of it is live");
  }

  @Test
  void listsPromotionsByModelAndWaiting() {
    town.working().run("start", "promotion.yaml");

    // The server lists what it has indexed, with a short delay.
    Awaitility.await().untilAsserted(() -> assertThat(town.run("list").out()).contains(id));
    assertThat(town.run("status", "chrun/0123456789ab").err())
        .contains("promotion/chrun/0123456789ab does not exist; the nearest: " + id + "; list");
    assertThat(town.run("list", "--model", "other").out()).contains("no promotions found");
    assertThat(town.run("list", "--model", "x' OR '1'='1").code()).isEqualTo(ExitCode.WRONG);
    assertThat(town.run("list", "--output", "json").out()).contains("\"state\" : \"RUNNING\"");
    assertThat(town.run("doctor").out()).contains("✓").contains("search attributes: all present");
  }

  @Test
  void aShortIdIsEnoughAndSeveralMatchesAreListedWithDates() throws IOException {
    town.working().run("start", "promotion.yaml");
    town.run("reject", "--by", "ben@example.com");
    town.run("start", "promotion.yaml", "--again", "--reason", "once more");
    String key = id.substring("promotion/churn/".length());
    Awaitility.await().untilAsserted(() -> assertThat(town.run("list").out()).contains(id + "/2"));

    Town.Ran several = town.run("status", "churn/" + key.substring(0, 4));
    Town.Ran document = town.run("status", key.substring(0, 4), "--output", "json");

    assertThat(several.code()).isEqualTo(ExitCode.WRONG);
    assertThat(several.err())
        .contains("fits 2 promotions")
        .containsPattern(id + "/2 +[A-Z]+ .* 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d")
        .containsPattern(id + " +[A-Z]+ ");
    assertThat(
            Payloads.mapper()
                .readTree(document.out())
                .path("promotions")
                .path(0)
                .path("id")
                .asText())
        .as("newest first")
        .isEqualTo(id + "/2");
    assertThat(town.run("status", "churn/" + key + "/2").out()).contains(id + "/2");
    assertThat(town.run("status").out()).startsWith(id + "/2");
    assertThat(town.run("list", "--output", "json").out()).contains("\"commit\" : \"" + key + "\"");
    assertThat(town.run("status", "x' OR '1'='1/ab").err()).contains("is not a promotion's id");
  }

  private static Optional<Path> temporal() {
    String named = System.getenv().getOrDefault("PORTAGE_TEMPORAL", "");
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(part -> !part.isEmpty())
            .map(part -> Path.of(part, "temporal"));
    Path own =
        Path.of(
            Objects.requireNonNullElse(System.getProperty("portage.root"), ".."),
            ".portage",
            "bin",
            "temporal");
    return Stream.concat(named.isEmpty() ? Stream.of(own) : Stream.of(Path.of(named), own), path)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
