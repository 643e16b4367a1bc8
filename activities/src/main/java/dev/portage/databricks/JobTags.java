package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.registry.Tags;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tags on a job of ours. They say whose it is, and hold the record of the change that made it
 * what it is: written in the same call as the change, the record is there if and only if the change
 * is, also when the answer to that call was lost.
 */
final class JobTags {
  /** Hash of the settings that were asked for, without what a workspace adds to them. */
  static final String SETTINGS = "portage_settings";

  /** Hash of the settings before the change; missing on a job that the change created. */
  static final String BEFORE = "portage_before";

  /** Where the settings before the change are kept; missing on a job that the change created. */
  static final String UNDO = "portage_undo";

  /** Tags go to the clusters of the job, and Azure takes no longer value. */
  private static final int LONGEST = 250;

  private JobTags() {}

  /** The value of a tag in a job's settings, null without. */
  static @Nullable String of(JsonNode settings, String tag) {
    return settings.path("tags").path(tag).textValue();
  }

  /** All tags of a job. */
  static Map<String, String> all(JsonNode settings) {
    Map<String, String> tags = new HashMap<>();
    settings
        .path("tags")
        .properties()
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return Map.copyOf(tags);
  }

  /** The model that a job belongs to by its tag, null for a job that is none of ours. */
  static @Nullable String model(JsonNode settings) {
    return of(settings, Tags.MODEL);
  }

  /** Whether this promotion made the job what it is. */
  static boolean isOf(JsonNode settings, String promotion) {
    return value(promotion).equals(of(settings, Tags.PROMOTION));
  }

  /** A text as a tag can hold it: a long one is cut and told apart by its hash. */
  static String value(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    String hash = IdempotencyToken.sha256(text);
    return text.substring(0, LONGEST - hash.length() - 1) + "-" + hash;
  }

  /** Writes the record of a change of existing settings into the settings to come. */
  static void record(ObjectNode settings, @Nullable String before, @Nullable String undo) {
    ObjectNode tags = settings.withObjectProperty("tags");
    if (before != null && undo != null) {
      tags.put(BEFORE, before).put(UNDO, undo);
    }
  }
}
