package dev.portage.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.portage.history.HistoryEvent;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log as tags of a run. All are part of the call that creates the run, so an entry
 * is there whole or not at all. Its JSON is cut into several tags: any tracking server keeps 5,000
 * bytes in one.
 */
final class EventTags {

  /** What begins the names of the tags that hold the JSON, before a number of three digits. */
  static final String PART = "portage_event_";

  /** When it was written, in milliseconds since 1970: of two with one id the first counts. */
  static final String WRITTEN = "portage_written";

  /**
   * The version that it made live, if it made one live. By it and the next one a release is found
   * in a log of any length; neither begins like a part.
   */
  static final String VERSION = "portage_live_version";

  /** The version that was live before. */
  static final String LEFT = "portage_left_version";

  /** Characters of a part, which are bytes, since the JSON is ASCII. */
  private static final int PART_LENGTH = 4_000;

  private static final String NOTE = "mlflow.note.content";
  private static final int NOTE_LENGTH = 4_000;

  private static final ObjectMapper MAPPER = Payloads.mapper();
  private static final ObjectWriter ASCII = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private EventTags() {}

  /** An entry as tags. */
  static Map<String, String> write(HistoryEvent event, Instant now) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(Tags.KEY, event.id());
    tags.put(Tags.HISTORY, event.kind().word());
    tags.put(Tags.WORKSPACE, event.workspace());
    put(tags, Tags.MODEL, event.model());
    put(tags, Tags.NAME, event.name());
    tags.put(WRITTEN, String.valueOf(now.toEpochMilli()));
    Release release = event.release();
    if (release != null) {
      tags.put(VERSION, release.version());
      put(tags, LEFT, release.previousVersion());
    }
    put(tags, NOTE, event.reason() == null ? null : Bounded.lines(event.reason(), NOTE_LENGTH));
    String json = json(event);
    for (int part = 0; part * PART_LENGTH < json.length(); part++) {
      tags.put(
          PART + String.format(Locale.ROOT, "%03d", part),
          json.substring(part * PART_LENGTH, Math.min(json.length(), (part + 1) * PART_LENGTH)));
    }
    return tags;
  }

  /** The entry that tags hold; empty if they can't be read, as of a later release or edited. */
  static Optional<HistoryEvent> read(Map<String, String> tags) {
    StringBuilder json = new StringBuilder();
    new TreeMap<>(tags)
        .forEach((key, value) -> {
          if (key.startsWith(PART)) {
            json.append(value);
          }
        });
    try {
      return Optional.ofNullable(MAPPER.readValue(json.toString(), HistoryEvent.class))
          .filter(event -> event.id().equals(tags.get(Tags.KEY)));
    } catch (JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  /** When an entry was written, as far as its tags say. */
  static long written(Map<String, String> tags) {
    String written = tags.getOrDefault(WRITTEN, "");
    return written.matches("\\d{1,15}") ? Long.parseLong(written) : Long.MAX_VALUE;
  }

  private static void put(Map<String, String> tags, String key, @Nullable String value) {
    if (value != null) {
      tags.put(key, value);
    }
  }

  private static String json(HistoryEvent event) {
    try {
      return ASCII.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event is a payload and can be written", e);
    }
  }
}
