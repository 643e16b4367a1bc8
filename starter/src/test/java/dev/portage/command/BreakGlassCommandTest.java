package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.checkout.TemporaryRepository;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code portage resume --break-glass}: two people, each with a reason. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class BreakGlassCommandTest {

  @AutoClose private final Town town;
  private final String id;

  BreakGlassCommandTest(@TempDir Path folder) throws IOException {
    id = new TemporaryRepository(folder).commitPromotion("freezes");
    town = new Town(folder);
  }

  @Test
  void onePersonOrdersItAndAnotherConfirms() throws IOException {
    town.working().run("start", "promotion.yaml");

    Town.Ran first = glass("ana@example.com", "customers are hit");
    assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.DONE);
    assertThat(first.out())
        .contains("ordered by ana@example.com: customers are hit")
        .contains("a second person has to confirm it");

    Town.Ran same = glass("ana@example.com", "again");
    assertThat(same.code()).isEqualTo(ExitCode.WRONG);
    assertThat(same.err()).contains("a second person has to confirm it");

    Town.Ran second =
        town.run(
            "resume",
            id,
            "--break-glass",
            "--reason",
            "agreed",
            "--by",
            "ben@example.com",
            "--id",
            "d-2",
            "--output",
            "json");
    assertThat(second.code()).as(second.err()).isEqualTo(ExitCode.DONE);
    JsonNode document = new ObjectMapper().readTree(second.out());
    assertThat(document.path("id").asText()).isEqualTo(id);
    assertThat(document.path("decision").asText()).isEqualTo("d-2");
    assertThat(document.path("by").asText()).isEqualTo("ben@example.com");
    assertThat(document.path("says").asText()).contains("confirmed by ben@example.com");
    assertThat(document.path("stored").asBoolean()).isFalse();
  }

  @Test
  void anOrderNeedsAReasonAndAPlainResumeTakesNone() {
    Town.Ran bare = town.working().run("resume", id, "--break-glass");
    assertThat(bare.code()).isEqualTo(ExitCode.WRONG);
    assertThat(bare.err()).contains("--break-glass needs a reason: add --reason TEXT");

    Town.Ran blank = town.run("resume", id, "--break-glass", "--reason", " ");
    assertThat(blank.err()).contains("--break-glass needs a reason");

    Town.Ran plain = town.run("resume", id, "--reason", "why not");
    assertThat(plain.code()).isEqualTo(ExitCode.WRONG);
    assertThat(plain.err()).contains("--reason belongs to --break-glass");
  }

  @Test
  void anOrderThatNoWorkerTakesIsStored() {
    town.working().run("start", "promotion.yaml");
    town.workerGoes();

    Town.Ran stored = glass("ana@example.com", "customers are hit");

    assertThat(stored.code()).as(stored.err()).isEqualTo(ExitCode.WAITING);
    assertThat(stored.out()).contains("stored");
  }

  private Town.Ran glass(String by, String reason) {
    return town.run("resume", id, "--break-glass", "--reason", reason, "--by", by);
  }
}
