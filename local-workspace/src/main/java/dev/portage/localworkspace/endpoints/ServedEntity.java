package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.serving.ModelVersion;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entity of a configuration.
 *
 * @param settings what was asked for, with its name and defaults filled in
 * @param served the version, as it was found in its registry then: what is served does not depend
 *     on the registry any more
 * @param creator who asked for it
 * @param created in milliseconds of the epoch
 */
record ServedEntity(ObjectNode settings, ModelVersion served, String creator, long created) {

  String name() {
    return settings.path("name").asText();
  }

  String model() {
    return settings.path("entity_name").asText();
  }

  String version() {
    return settings.path("entity_version").asText();
  }

  boolean scalesToZero() {
    return Json.flag(settings, "scale_to_zero_enabled", false);
  }

  Map<String, String> variables() {
    return Json.texts(settings, "environment_vars");
  }

  /** How many requests it handles at once: the upper bound of its size. */
  int concurrency() {
    return switch (String.valueOf(Json.text(settings, "workload_size"))) {
      case "Small" -> 4;
      case "Medium" -> 16;
      case "Large" -> 64;
      default -> (int) Json.number(settings, "max_provisioned_concurrency", 4);
    };
  }

  /** Whether a server of the other is one of this, too. */
  boolean isServedAs(@Nullable ServedEntity other) {
    return other != null && settings.equals(other.settings());
  }

  ObjectNode document() {
    ObjectNode document = Json.object().put("creator", creator).put("created", created);
    document.set("settings", settings);
    document.put("source", served.source());
    document.put("files", served.files() == null ? null : served.files().toString());
    return document;
  }

  static ServedEntity read(ObjectNode document) {
    ObjectNode kept = Json.part(document, "settings");
    ObjectNode settings = kept == null ? Json.object() : kept;
    String files = Json.text(document, "files");
    return new ServedEntity(
        settings,
        new ModelVersion(
            settings.path("entity_name").asText(),
            settings.path("entity_version").asText(),
            document.path("source").asText(),
            files == null ? null : Path.of(files)),
        document.path("creator").asText(),
        document.path("created").asLong());
  }
}
