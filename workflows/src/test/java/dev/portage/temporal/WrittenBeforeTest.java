package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.copy.Verify;
import dev.portage.document.Reading;
import dev.portage.identity.Involved;
import dev.portage.job.JobOrder;
import dev.portage.job.NotebookOrder;
import dev.portage.promotion.PromotionStart;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.Settings;
import dev.portage.settings.Threshold;
import dev.portage.settings.Work;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Payloads as the code of earlier commits wrote them, each with every field that commit knew.
 * Histories contain them, and they are never edited: fields added since must be absent here.
 */
class WrittenBeforeTest {

  private final ObjectMapper mapper = Payloads.mapper();

  @ParameterizedTest
  @ValueSource(strings = {"3a7fa37", "2b7adfa"})
  void aNotebookRequestStillMeansANotebook(String commit) throws IOException {
    NotebookOrder order = read(commit, "notebook-order.json", NotebookOrder.class);

    assertThat(order.running())
        .isEqualTo(
            new Work.Notebook("notebooks/train.py", Map.of("alpha", "0.5"), Duration.ofHours(26)));
    assertThat(order.key()).isEqualTo("promotion/churn/0123456789ab#dev/train#1");
    assertThat(order.source().requirements()).isNull();
    assertSaysAll(mapper.valueToTree(order), tree(commit, "notebook-order.json"), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3a7fa37", "2b7adfa"})
  void aJobRequestStillMeansANotebook(String commit) throws IOException {
    JobOrder order = read(commit, "job-order.json", JobOrder.class);

    assertThat(order.scoring())
        .isEqualTo(
            new Work.Notebook(
                "notebooks/score.py", Map.of("threshold", "0.7"), Duration.ofMinutes(90)));
    assertThat(order.seen()).isNull();
    assertSaysAll(mapper.valueToTree(order), tree(commit, "job-order.json"), "");
  }

  @Test
  void anOlderJobRequestKeepsItsTurn() throws IOException {
    assertThat(read("3a7fa37", "job-order.json", JobOrder.class).grant()).isNull();
    assertThat(Objects.requireNonNull(read("2b7adfa", "job-order.json", JobOrder.class).grant()))
        .satisfies(grant -> {
          assertThat(grant.number()).isEqualTo(4L);
          assertThat(grant.request().turn()).isEqualTo("prod/turn#1");
        });
  }

  @ParameterizedTest
  @CsvSource({"3a7fa37, ''", "2b7adfa, ben@example.com cara@example.com"})
  void anOlderStartIsReadCompletely(String commit, String tookPart) throws IOException {
    PromotionStart start = read(commit, "promotion-start.json", PromotionStart.class);

    assertThat(start.people())
        .isEqualTo(tookPart.isEmpty() ? null : List.of(tookPart.split(" ", -1)));
    assertThat(start.authorship()).isNull();
    assertThat(start.workflowId()).isEqualTo("promotion/churn/0123456789ab/2");
    assertThat(start.involved())
        .extracting(Involved::name)
        .contains("ana@example.com", "ben@example.com");
    assertThat(PromotionFile.read(start.fileName(), start.fileText()))
        .isInstanceOf(Reading.Good.class);
    assertSaysAll(mapper.valueToTree(start), tree(commit, "promotion-start.json"), "");
  }

  @ParameterizedTest
  @CsvSource({"3a7fa37, val/log loss", "2b7adfa, val:verlängert"})
  void frozenSettingsKeepTheirMeaning(String commit, String metric) throws IOException {
    Settings settings = read(commit, "settings.json", Settings.class);

    assertThat(settings.check())
        .isEqualTo(
            new Work.Notebook(
                "notebooks/check.ipynb", Map.of("rows", "100"), Duration.ofMinutes(30)));
    assertThat(settings.train()).isInstanceOf(Work.Notebook.class);
    assertThat(settings.thresholds())
        .containsExactly(
            new Threshold("roc_auc", Threshold.Direction.AT_LEAST, 0.8, 0),
            new Threshold(metric, Threshold.Direction.AT_MOST, 10, 0.01));
    assertThat(Objects.requireNonNull(settings.batch()).scoring().timeout())
        .isEqualTo(Duration.ofMinutes(90));
    assertThat(settings.verifyOf("prod")).isEqualTo(Verify.SIZES);
    assertThat(settings.choice()).isNull();
    assertSaysAll(mapper.valueToTree(settings), tree(commit, "settings.json"), "");
  }

  /** Everything that was written is written again: nothing is lost, whatever has been added. */
  private static void assertSaysAll(JsonNode now, JsonNode then, String at) {
    if (then.isObject()) {
      then.properties()
          .forEach(field ->
              assertSaysAll(now.path(field.getKey()), field.getValue(), at + "/" + field.getKey()));
    } else if (then.isArray() && !at.endsWith("/abilities")) {
      assertThat(now.size()).as(at).isEqualTo(then.size());
      for (int i = 0; i < then.size(); i++) {
        assertSaysAll(now.path(i), then.path(i), at + "/" + i);
      }
    } else if (then.isArray()) {
      // A set has no order.
      assertThat(now).as(at).containsExactlyInAnyOrderElementsOf(then);
    } else {
      assertThat(now.asText()).as(at).isEqualTo(then.asText());
    }
  }

  private <T> T read(String commit, String name, Class<T> type) throws IOException {
    return mapper.treeToValue(tree(commit, name), type);
  }

  private JsonNode tree(String commit, String name) throws IOException {
    String path = "/written-by-" + commit + "/" + name;
    try (InputStream file = WrittenBeforeTest.class.getResourceAsStream(path)) {
      return mapper.readTree(Objects.requireNonNull(file, path));
    }
  }
}
