package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobOrder;
import dev.portage.registry.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tags on a job that Portage manages. They say which model it belongs to, and record the change
 * that made it what it is. They are written in the same call as the change, so the record exists if
 * and only if the change does, even if the response was lost.
 *
 * <p>They are written in a form that every cloud accepts ({@link CloudTag}); the earlier form, with
 * names and addresses unchanged and hashes in hex, can still be read.
 */
final class JobTags {
  /** Hash of the requested settings, without what a workspace adds to them. */
  private static final String SETTINGS = "portage_settings";

  /**
   * The version that a job scores with if its settings are a file's, whose parameters may have any
   * name.
   */
  static final String VERSION = "portage_version";

  /** Hash of the settings before the change; missing on a job that the change created. */
  private static final String BEFORE = "portage_before";

  /**
   * Where the settings before the change are stored; missing on a job that the change created. Too
   * long for one tag, so it continues in {@code portage_undo_2} and so on; a tag with this name
   * alone holds the address in the earlier form.
   */
  private static final String UNDO = "portage_undo";

  /**
   * The promotion's workflow id, whole, in {@code portage_promotion_id_1} and so on: no parameter
   * of the job holds it.
   */
  private static final String PROMOTION_ID = "portage_promotion_id";

  /** A job has at most 25 tags; a longer id is known by its cut form alone. */
  private static final int PARTS_OF_ID = 3;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int HASH_BYTES = 32;

  /** The most that a value had before. */
  private static final int LONGEST_BEFORE = 250;

  private JobTags() {}

  /**
   * What a change of a job's settings has to know of those before.
   *
   * @param hash their hash, null where the tag is gone or is none
   * @param uri where they are kept, null where the tag is gone or is none
   */
  record Undo(@Nullable String hash, @Nullable String uri) {}

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

  /** Writes the model and the hash of the requested settings into a job's new settings. */
  static void mark(ObjectNode settings, JobOrder order) {
    ObjectNode tags = settings.withObjectProperty("tags");
    tags.put(Tags.MODEL, CloudTag.value(order.model()))
        .put(Tags.WORKSPACE, CloudTag.value(order.workspace()))
        .put(Tags.PROMOTION, CloudTag.value(order.promotion()))
        .put(Tags.KEY, CloudTag.value(order.key()))
        .put(Tags.COMMIT, CloudTag.value(order.source().commit()));
    List<String> parts = CloudTag.packed(order.promotion());
    if (parts.size() <= PARTS_OF_ID) {
      put(tags, PROMOTION_ID, parts);
    }
    tags.put(SETTINGS, hash(SettingsJson.hash(settings)));
  }

  /** All tags of a job that becomes this model's: it bears no change, since none made it. */
  static Map<String, String> adopted(JsonNode settings, String workspace, String model) {
    Map<String, String> tags = new HashMap<>(all(settings));
    tags.put(Tags.MODEL, CloudTag.value(model));
    tags.put(Tags.WORKSPACE, CloudTag.value(workspace));
    return Map.copyOf(tags);
  }

  /**
   * Marks settings as those of a job that a workflow creates: until it gets its lasting ones, it is
   * known for a duplicate wherever another counts.
   */
  static void created(ObjectNode settings, String holder) {
    ObjectNode tags = settings.withObjectProperty("tags");
    tags.remove(List.of(Tags.KEY, BEFORE, UNDO));
    for (int part = 1; tags.remove(UNDO + "_" + part) != null; part++) {
      // Nothing stood there before it.
    }
    tags.put(Tags.PROMOTION, CloudTag.value(holder));
  }

  /** The tag that names a job's model, null for a job that Portage doesn't manage. */
  static @Nullable String model(JsonNode settings) {
    return of(settings, Tags.MODEL);
  }

  /** Whether a job belongs to this model. */
  static boolean isOfModel(JsonNode settings, String model) {
    return is(of(settings, Tags.MODEL), model);
  }

  /** Whether tags are those of a job of this model. */
  static boolean isOfModel(Map<String, String> tags, String model) {
    return is(tags.get(Tags.MODEL), model);
  }

  /**
   * Whether tags are those of a job of another workspace of the platform file. A job without the
   * tag may be anyone's, and so may be one of a name that the file no longer has.
   *
   * @param neighbours names of the other workspaces that may be at the same server
   */
  static boolean isElsewhere(Map<String, String> tags, Set<String> neighbours) {
    String its = tags.get(Tags.WORKSPACE);
    return neighbours.stream().anyMatch(name -> is(its, name));
  }

  /** Whether this promotion made the job what it is. */
  static boolean isOf(JsonNode settings, String promotion) {
    return is(of(settings, Tags.PROMOTION), promotion);
  }

  /** Whether the change of this key made the job what it is. */
  static boolean isOfChange(JsonNode settings, String key) {
    return is(of(settings, Tags.KEY), key);
  }

  /** Whether these settings were requested by the same order as the others. */
  static boolean sameOrder(JsonNode settings, JsonNode others) {
    String one = of(settings, SETTINGS);
    return one != null && one.equals(of(others, SETTINGS));
  }

  /**
   * Whether two jobs bear the tags of one and the same change: then one is a clone of the other.
   */
  static boolean sameChange(Map<String, String> one, Map<String, String> other) {
    String key = one.get(Tags.KEY);
    return key != null && key.equals(other.get(Tags.KEY));
  }

  /** Whether a promotion created the job; what existed before it says what it was. */
  static boolean isCreated(JsonNode settings) {
    return of(settings, Tags.PROMOTION) != null && undo(settings) == null;
  }

  /** Writes the record of a change of existing settings into the settings to come. */
  static void record(ObjectNode settings, @Nullable Undo undo) {
    if (undo == null) {
      return;
    }
    ObjectNode tags = settings.withObjectProperty("tags");
    if (undo.hash() != null) {
      tags.put(BEFORE, hash(undo.hash()));
    }
    if (undo.uri() != null) {
      put(tags, UNDO, CloudTag.packed(undo.uri()));
    }
  }

  private static void put(ObjectNode tags, String tag, List<String> parts) {
    for (int i = 0; i < parts.size(); i++) {
      tags.put(tag + "_" + (i + 1), parts.get(i));
    }
  }

  /** The promotion that made the job what it is, whole; null where no tag has it whole. */
  static @Nullable String promotion(JsonNode settings) {
    List<String> parts = parts(settings, PROMOTION_ID);
    return parts.isEmpty() ? null : CloudTag.unpacked(parts);
  }

  /**
   * The record of the change that made a job what it is, null if the job was created. Half a record
   * counts too: a job that existed before is never taken for one that may be deleted.
   */
  static @Nullable Undo undo(JsonNode settings) {
    String before = of(settings, BEFORE);
    String hash = before == null ? null : hex(before);
    String uri = uri(settings);
    return before == null && uri == null ? null : new Undo(hash, uri);
  }

  private static @Nullable String uri(JsonNode settings) {
    List<String> parts = parts(settings, UNDO);
    return parts.isEmpty() ? of(settings, UNDO) : CloudTag.unpacked(parts);
  }

  private static List<String> parts(JsonNode settings, String tag) {
    List<String> parts = new ArrayList<>();
    String part = of(settings, tag + "_1");
    while (part != null) {
      parts.add(part);
      part = of(settings, tag + "_" + (parts.size() + 1));
    }
    return parts;
  }

  private static boolean is(@Nullable String tag, String text) {
    return tag != null && (tag.equals(CloudTag.value(text)) || tag.equals(before(text)));
  }

  /** A text as a tag held it before. */
  private static String before(String text) {
    if (text.length() <= LONGEST_BEFORE) {
      return text;
    }
    String hash = IdempotencyToken.sha256(text);
    return text.substring(0, LONGEST_BEFORE - hash.length() - 1) + "-" + hash;
  }

  /** 64 characters of hex are one too many for Google. */
  private static String hash(String hex) {
    return CloudTag.base32(HexFormat.of().parseHex(hex));
  }

  private static @Nullable String hex(String tag) {
    if (HEX.matcher(tag).matches()) {
      return tag;
    }
    byte[] bytes = CloudTag.bytes(tag);
    return bytes == null || bytes.length != HASH_BYTES ? null : HexFormat.of().formatHex(bytes);
  }
}
