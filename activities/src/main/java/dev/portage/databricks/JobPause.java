package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What starts a scoring job by itself is paused from its reset until the champion has moved: until
 * then a run would publish what nobody has decided on. A tag records what it was before, in the
 * same call, so that it is known even if nothing follows.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/create">jobs/create</a>
 */
final class JobPause {
  /** The tag: the pause status that follows. */
  private static final String AFTERWARDS = "portage_resume";

  private static final String FIELD = "pause_status";
  private static final String PAUSED = "PAUSED";
  private static final String UNPAUSED = "UNPAUSED";
  private static final List<String> STARTS = List.of("schedule", "trigger", "continuous");

  private JobPause() {}

  /**
   * Pauses what starts a job, if anything does.
   *
   * @param wanted its settings to come
   * @param before its settings before, null for no job
   */
  static void pause(ObjectNode wanted, @Nullable JsonNode before) {
    String afterwards = afterwards(wanted, before);
    if (set(wanted, PAUSED)) {
      wanted.withObjectProperty("tags").put(AFTERWARDS, afterwards.toLowerCase(Locale.ROOT));
    }
  }

  /** The settings as they are once the champion has moved. */
  static void preview(ObjectNode wanted, @Nullable JsonNode before) {
    set(wanted, afterwards(wanted, before));
  }

  /**
   * One that people paused stays so; one that a promotion paused becomes what it was. Where nothing
   * started the job, its new settings say it.
   */
  private static String afterwards(ObjectNode wanted, @Nullable JsonNode before) {
    if (before == null || STARTS.stream().noneMatch(before::has)) {
      return isPaused(wanted) ? PAUSED : UNPAUSED;
    }
    String promised = resumes(before);
    return promised != null ? promised : isPaused(before) ? PAUSED : UNPAUSED;
  }

  /** Its pause status once the champion has moved; null for a job that no promotion has paused. */
  static @Nullable String resumes(JsonNode settings) {
    String tag = JobTags.of(settings, AFTERWARDS);
    return tag == null ? null : tag.equalsIgnoreCase(PAUSED) ? PAUSED : UNPAUSED;
  }

  /** Whether something starts it that is paused. */
  static boolean isPaused(JsonNode settings) {
    return STARTS.stream()
        .anyMatch(kind -> settings.path(kind).path(FIELD).asText().equals(PAUSED));
  }

  /** The same settings as they were before they were paused. */
  static ObjectNode resumed(JsonNode settings) {
    ObjectNode resumed = settings.deepCopy();
    String status = resumes(settings);
    if (status != null) {
      set(resumed, status);
      if (resumed.get("tags") instanceof ObjectNode tags) {
        tags.remove(AFTERWARDS);
      }
    }
    return resumed;
  }

  /**
   * The fields of {@link #resumed} that differ: what starts the job, and its tags. A call that is
   * carried out late, over a job that was restored meanwhile, leaves its tasks alone.
   */
  static ObjectNode resuming(JsonNode settings) {
    ObjectNode fields = resumed(settings);
    return fields.retain(Stream.concat(STARTS.stream(), Stream.of("tags")).toList());
  }

  private static boolean set(ObjectNode settings, String status) {
    boolean any = false;
    for (String kind : STARTS) {
      if (settings.get(kind) instanceof ObjectNode starts) {
        starts.put(FIELD, status);
        any = true;
      }
    }
    return any;
  }
}
