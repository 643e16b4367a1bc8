package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.approval.Decision;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveState;
import dev.portage.live.SettingsRef;
import dev.portage.release.Proof;
import dev.portage.release.Release;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Entries of the log, and records of releases, as the code of earlier commits wrote them, each with
 * every field that commit knew. They are never edited.
 */
class WrittenBeforeTest {

  private final ObjectMapper mapper = Payloads.mapper();

  @ParameterizedTest
  @ValueSource(strings = "551e4d4")
  void anEntryOfTheLogIsReadFromTheTagsOfItsRun(String commit) throws IOException {
    Map<String, String> tags =
        mapper.readValue(file(commit, "event-tags.json"), new TypeReference<>() {});

    HistoryEvent event = EventTags.read(tags).orElseThrow();

    assertThat(event.id()).isEqualTo("release/prod/promotion/churn/0123456789ab");
    assertThat(event.kind()).isEqualTo(HistoryKind.RELEASE);
    assertThat(event.by()).isEqualTo("dev@example.com");
    assertThat(event.reason()).isEqualTo("again, with more data");
    assertThat(event.release())
        .isEqualTo(mapper.readValue(file(commit, "release.json"), Release.class));
    assertThat(EventTags.written(tags)).isEqualTo(event.at().plusSeconds(2).toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = "551e4d4")
  void aReleaseSaysWhatWasLiveAndWhatItsDecisionsRestOn(String commit) throws IOException {
    Release release = mapper.readValue(file(commit, "release.json"), Release.class);

    assertThat(Objects.requireNonNull(release.live()))
        .extracting(LiveState::thing, LiveState::version)
        .containsExactly(tuple("batch", "3"), tuple("champion", "3"));
    assertThat(release.live().getFirst().settings())
        .isEqualTo(new SettingsRef("runs:/r1/job-now.json", "d".repeat(64)));
    assertThat(Objects.requireNonNull(release.before()).getFirst().present()).isFalse();
    Proof proof = Objects.requireNonNull(release.proof());
    assertThat(proof.request()).isEqualTo("prod-1");
    assertThat(proof.evidence()).isEqualTo("c".repeat(64));
    assertThat(proof.groups()).containsExactly("model-owners");
    assertThat(release.decisions().getFirst().channel()).isEqualTo(Decision.Channel.SIGNAL);
  }

  private static byte[] file(String commit, String name) throws IOException {
    String path = "/written-by-" + commit + "/" + name;
    try (InputStream file = WrittenBeforeTest.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(file, path).readAllBytes();
    }
  }
}
