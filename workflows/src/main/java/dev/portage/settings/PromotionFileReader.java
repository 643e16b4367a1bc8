package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.copy.Verify;
import dev.portage.document.Complaint;
import dev.portage.document.Nearest;
import dev.portage.document.Reading;
import dev.portage.document.YamlDocument;
import dev.portage.registry.ModelName;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the values out of a document that the schema allows, and checks what a schema cannot. */
final class PromotionFileReader {

  private final YamlDocument document;
  private final List<Complaint> complaints = new ArrayList<>();

  PromotionFileReader(YamlDocument document) {
    this.document = document;
  }

  Reading<PromotionFile> read() {
    PromotionFile file =
        new PromotionFile(
            document.fileName(),
            document.root().path("model").asText(),
            registeredAs(),
            text("/experiment"),
            notebook("/check"),
            notebook("/train"),
            thresholds(),
            batch(),
            verify(),
            path(),
            values());
    complaints.sort(Comparator.comparingInt(Complaint::line));
    return complaints.isEmpty() ? new Reading.Good<>(file) : new Reading.Wrong<>(complaints);
  }

  private PromotionFile.@Nullable Notebook notebook(String pointer) {
    JsonNode node = document.root().at(pointer);
    if (node.isMissingNode()) {
      return null;
    }
    if (node.isTextual()) {
      return new PromotionFile.Notebook(node.asText(), Map.of(), null);
    }
    return new PromotionFile.Notebook(
        node.path("notebook").asText(), parameters(pointer), duration(pointer + "/timeout"));
  }

  private PromotionFile.@Nullable Batch batch() {
    JsonNode node = document.root().path("batch");
    if (node.isMissingNode()) {
      return null;
    }
    if (node.isTextual()) {
      return new PromotionFile.Batch(node.asText(), null, null, Map.of(), null, null, null);
    }
    return new PromotionFile.Batch(
        node.path("notebook").asText(),
        text("/batch/table"),
        text("/batch/job"),
        parameters("/batch"),
        schedule(),
        timezone(),
        duration("/batch/timeout"));
  }

  private @Nullable Verify verify() {
    String text = text("/verify");
    return text == null ? null : Verify.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private List<Threshold> thresholds() {
    List<Threshold> thresholds = new ArrayList<>();
    for (Map.Entry<String, JsonNode> gate : document.root().path("gates").properties()) {
      String pointer = "/gates/" + YamlDocument.escape(gate.getKey());
      JsonNode node = gate.getValue();
      String limit = node.isTextual() ? node.asText() : node.path("limit").asText();
      threshold(gate.getKey(), limit, node.path("tolerance").asDouble(0), pointer)
          .ifPresent(thresholds::add);
    }
    return thresholds;
  }

  private Optional<Threshold> threshold(
      String metric, String text, double tolerance, String pointer) {
    if (resolvesElsewhere(metric)) {
      complain(pointer, "\"" + metric + "\" reads as the path of another metric", "a name");
      return Optional.empty();
    }
    // The schema let through a sign of two characters and a number.
    String written = text.strip();
    double limit = Double.parseDouble(written.substring(2).strip());
    if (!Double.isFinite(limit) || !Double.isFinite(tolerance)) {
      complain(pointer, "the limit of " + metric + " is no finite number", "as \">= 0.8\"");
      return Optional.empty();
    }
    Threshold.Direction direction =
        written.startsWith(Threshold.Direction.AT_LEAST.sign())
            ? Threshold.Direction.AT_LEAST
            : Threshold.Direction.AT_MOST;
    return Optional.of(new Threshold(metric, direction, limit, tolerance));
  }

  private List<String> path() {
    List<String> path = new ArrayList<>();
    document.root().path("path").forEach(name -> path.add(name.asText()));
    return path;
  }

  private Map<String, String> parameters(String pointer) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> value :
        document.root().at(pointer + "/parameters").properties()) {
      parameters.put(
          value.getKey(),
          document.written(pointer + "/parameters/" + YamlDocument.escape(value.getKey())));
    }
    return Collections.unmodifiableMap(parameters);
  }

  private @Nullable String text(String pointer) {
    JsonNode node = document.root().at(pointer);
    return node.isMissingNode() ? null : node.asText();
  }

  private @Nullable Duration duration(String pointer) {
    String text = text(pointer);
    if (text == null) {
      return null;
    }
    WrittenDuration.fault(pointer.substring(1).replace('/', '.'), text)
        .ifPresent(fault -> complain(pointer, fault, WrittenDuration.ALLOWED));
    return WrittenDuration.read(text).orElse(null);
  }

  private @Nullable String schedule() {
    String text = text("/batch/schedule");
    if (text == null) {
      return null;
    }
    CronSchedule.fault(text)
        .ifPresent(fault ->
            complain(
                "/batch/schedule",
                fault,
                "Quartz cron with 6 or 7 fields, seconds first, as \"0 0 6 * * ?\""));
    return text.strip();
  }

  private @Nullable String registeredAs() {
    String text = text("/registered-as");
    if (text != null && !ModelName.isAllowed(text)) {
      complain(
          "/registered-as", "\"" + text + "\" can't be the name of a model", ModelName.ALLOWED);
    }
    return text;
  }

  /**
   * MLflow keeps metrics and models by name in folders too, and refuses a name that such a folder
   * would change.
   *
   * @see <a
   *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/utils/validation.py">path_not_unique</a>
   */
  private static boolean resolvesElsewhere(String name) {
    return List.of(name.split("/", -1)).stream()
        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  private @Nullable String timezone() {
    String text = text("/batch/timezone");
    if (text != null) {
      if (ScheduleZone.javaId(text).isEmpty()) {
        String near = Nearest.question(text, ZoneId.getAvailableZoneIds());
        complaints.add(
            document.complaint(
                "/batch/timezone",
                "\"" + text + "\" is no time zone",
                "a name, as UTC or Europe/Lisbon, or an offset in minutes, as +02:00",
                near));
      }
    }
    return text;
  }

  private List<EffectiveValue> values() {
    List<EffectiveValue> values = new ArrayList<>();
    collect(document.root(), "", "", values);
    return values;
  }

  private void collect(JsonNode node, String pointer, String name, List<EffectiveValue> values) {
    if (!node.isObject()) {
      String text = node.isArray() ? String.join(" → ", path()) : document.written(pointer);
      values.add(new EffectiveValue(name, text, document.origin(pointer)));
      return;
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      collect(
          property.getValue(),
          pointer + "/" + YamlDocument.escape(property.getKey()),
          name.isEmpty() ? property.getKey() : name + "." + property.getKey(),
          values);
    }
  }

  private void complain(String pointer, String what, String allowed) {
    complaints.add(document.complaint(pointer, what, allowed, null));
  }
}
