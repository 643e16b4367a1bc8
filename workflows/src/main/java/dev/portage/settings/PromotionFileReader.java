package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.copy.Verify;
import dev.portage.document.Nearest;
import dev.portage.document.Partly;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.registry.ModelName;
import dev.portage.tracking.RunChoice;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the values of a schema-valid document, and checks what a schema can't. */
final class PromotionFileReader {
  private static final Duration TRAIN_TIMEOUT = Duration.ofHours(12);
  private static final Duration CHECK_TIMEOUT = Duration.ofHours(1);
  private static final Duration EVALUATE_TIMEOUT = Duration.ofHours(1);
  private static final Duration BATCH_TIMEOUT = Duration.ofHours(12);

  private final YamlDocument document;
  private final List<ValidationError> errors = new ArrayList<>();
  private final WorkReader work;

  PromotionFileReader(YamlDocument document) {
    this.document = document;
    this.work = new WorkReader(document, errors);
  }

  Partly<PromotionFile> read() {
    ServeReader serving = new ServeReader(document, errors);
    PromotionFile file =
        new PromotionFile(
            document.fileName(),
            document.root().path("model").asText(),
            registeredAs(),
            document.text("/experiment"),
            new PromotionFile.Steps.Builder()
                .check(work.step("check", CHECK_TIMEOUT))
                .train(work.step("train", TRAIN_TIMEOUT), choice())
                .gates(thresholds(), evaluate())
                .batch(batch())
                .rehearse(rehearse())
                .serve(serving.read(document.root().path("model").asText()), serving.casesFile())
                .build(),
            new PromotionFile.Options(verify(), concurrency()),
            path(),
            values());
    return new Partly<>(file, errors, _ -> false);
  }

  private @Nullable RunChoice choice() {
    String text = document.text("/choose");
    return text == null ? null : RunChoice.read(text).orElse(null);
  }

  /** Only a notebook returns what it has measured. */
  private @Nullable Work evaluate() {
    Work evaluate = work.step("evaluate", EVALUATE_TIMEOUT);
    if (evaluate != null && document.root().path("gates").isEmpty() && document.knows("/gates")) {
      report(
          "/evaluate",
          "evaluate measures the metrics of gates, but there are no gates",
          "gates with the metrics that the notebook returns");
    }
    return evaluate;
  }

  private @Nullable Boolean rehearse() {
    JsonNode node = document.root().path("rehearse");
    if (node.isMissingNode()) {
      return null;
    }
    if (document.root().path("batch").isMissingNode()) {
      if (!document.knows("/batch")) {
        return node.asBoolean();
      }
      report("/rehearse", "rehearse needs batch, which is missing", "rehearse together with batch");
    } else if (node.asBoolean()
        && List.of("table", "none").contains(document.root().at("/batch/verify").asText())) {
      report(
          "/rehearse",
          "a rehearsal checks rows, but with this batch.verify they don't name their version",
          "false, or leave it out");
    }
    return node.asBoolean();
  }

  private PromotionFile.@Nullable Batch batch() {
    Work scoring = work.batch(BATCH_TIMEOUT);
    if (scoring == null) {
      return null;
    }
    boolean theirs = scoring instanceof Work.Job && work.knowsForm("batch");
    if (theirs) {
      refuseOfTheirJob("schedule");
      refuseOfTheirJob("timezone");
    }
    return new PromotionFile.Batch(
        scoring,
        document.text("/batch/table"),
        theirs ? null : document.text("/batch/job"),
        schedule(),
        timezone(),
        check(scoring),
        new RulesReader(document, errors).read());
  }

  /** Rows that do not name their version are believed only of scoring that surely got it. */
  private @Nullable PredictionCheck check(Work scoring) {
    String text = document.text("/batch/verify");
    if (text == null) {
      return null;
    }
    PredictionCheck check = PredictionCheck.valueOf(text.toUpperCase(Locale.ROOT));
    if (!work.knowsForm("batch")) {
      return check;
    }
    if (scoring instanceof Work.Job) {
      errors.add(
          document.error(
              "/batch/verify",
              "batch has both verify and a job of yours, whose predictions are checked as far as the columns of its table allow",
              null,
              "leave it out"));
    } else if (!check.isOfRows()
        && !ScoringValues.hasPlaceOfVersion(scoring)
        && document.knows("/batch/parameters")) {
      errors.add(
          document.error(
              "/batch/verify",
              "batch.verify is "
                  + text
                  + ", so rows don't name their version, and no value in batch.parameters passes the version to the scoring",
              "rows; or a parameter with \"{model_uri}\" or \"{model_version}\" as its value",
              null));
    }
    return check;
  }

  /** Settings of a job itself, which never change. */
  private void refuseOfTheirJob(String key) {
    if (document.text("/batch/" + key) != null) {
      errors.add(
          document.error(
              "/batch/" + key,
              "batch has both " + key + " and a job of yours, whose settings Portage never changes",
              null,
              "set it in the job, and leave it out here"));
    }
  }

  private @Nullable Concurrency concurrency() {
    String text = document.text("/concurrency");
    return text == null ? null : Concurrency.of(text);
  }

  private @Nullable Verify verify() {
    String text = document.text("/verify");
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
      report(pointer, "\"" + metric + "\" looks like the path of another metric", "a name");
      return Optional.empty();
    }
    // The schema let through a sign of two characters and a number.
    String written = text.strip();
    double limit = Double.parseDouble(written.substring(2).strip());
    if (!Double.isFinite(limit) || !Double.isFinite(tolerance)) {
      report(
          pointer, "the limit of " + metric + " is not a finite number", "for example \">= 0.8\"");
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

  private @Nullable String schedule() {
    String text = document.text("/batch/schedule");
    if (text == null) {
      return null;
    }
    CronSchedule.fault(text)
        .ifPresent(fault ->
            report(
                "/batch/schedule",
                fault,
                "Quartz cron with 6 or 7 fields, seconds first, such as \"0 0 6 * * ?\""));
    return text.strip();
  }

  private @Nullable String registeredAs() {
    String text = document.text("/registered-as");
    if (text != null && !ModelName.isAllowed(text)) {
      report("/registered-as", "\"" + text + "\" is not a valid model name", ModelName.ALLOWED);
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
    String text = document.text("/batch/timezone");
    if (text != null) {
      if (ScheduleZone.javaId(text).isEmpty()) {
        String near = Nearest.question(text, ZoneId.getAvailableZoneIds());
        errors.add(
            document.error(
                "/batch/timezone",
                "\"" + text + "\" is not a time zone",
                "a name such as UTC or Europe/Lisbon, or an offset in minutes such as +02:00",
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
      String text = node.isArray() ? list(node, pointer) : document.written(pointer);
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

  private String list(JsonNode node, String pointer) {
    if (!node.isEmpty() && node.path(0).isContainerNode()) {
      return node.size() == 1 ? "1 entry" : node.size() + " entries";
    }
    return pointer.equals("/path")
        ? String.join(" → ", path())
        : IntStream.range(0, node.size())
            .mapToObj(i -> document.written(pointer + "/" + i))
            .collect(Collectors.joining(" "));
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
