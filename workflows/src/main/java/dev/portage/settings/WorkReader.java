package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a step runs from a document: exactly one of the forms, with its settings. */
final class WorkReader {
  /** The forms, as the file names them. */
  private static final List<String> FORMS =
      List.of("notebook", "job", "script", "wheel", "settings");

  /** What is said in the file of a job's settings, and by which of its fields. */
  private static final Map<String, String> IN_THE_FILE =
      Map.of(
          "parameters", "parameters",
          "schedule", "schedule",
          "timezone", "schedule",
          "timeout", "timeout_seconds");

  private final YamlDocument document;
  private final List<ValidationError> errors;

  WorkReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  /**
   * The work of {@code check} or {@code train}, null where the file has none.
   *
   * @param usual time after which a run is ended where the file does not say
   */
  @Nullable Work step(String step, Duration usual) {
    return document.root().path(step).isMissingNode() ? null : read(step, forms(step), usual);
  }

  /**
   * The work of {@code batch}, null if the file has none. There, {@code job} next to another form
   * names the job that Portage creates from it.
   */
  @Nullable Work batch(Duration usual) {
    if (document.root().path("batch").isMissingNode()) {
      return null;
    }
    List<String> forms = new ArrayList<>(forms("batch"));
    if (forms.size() > 1) {
      forms.remove("job");
    }
    Work work = read("batch", forms, usual);
    refuseWithoutVersion(work);
    return work;
  }

  private List<String> forms(String step) {
    JsonNode node = document.root().path(step);
    return node.isTextual() ? List.of("notebook") : FORMS.stream().filter(node::has).toList();
  }

  /** Whether it is certain which form a step has: none that it may have was left out as wrong. */
  boolean knowsForm(String step) {
    return document.root().path(step).isTextual()
        || FORMS.stream().allMatch(form -> document.knows("/" + step + "/" + form));
  }

  private Work read(String step, List<String> forms, Duration usual) {
    String pointer = "/" + step;
    if (!knowsForm(step)) {
      return new Work.Notebook("", Map.of(), timeout(pointer, usual));
    }
    if (forms.isEmpty()) {
      errors.add(
          document.error(
              pointer,
              step + " does not say what to run",
              oneOf(step),
              "add one, as \"notebook: notebooks/" + step + ".py\""));
      return new Work.Notebook("", Map.of(), usual);
    }
    if (forms.size() > 1) {
      report(
          pointer + "/" + forms.get(1), step + " has " + String.join(" and ", forms), oneOf(step));
    }
    String form = forms.getFirst();
    Duration timeout = timeout(pointer, usual);
    String compute = document.text(pointer + "/compute");
    refuseArgumentsOf(form, pointer);
    return switch (form) {
      case "settings" -> {
        IN_THE_FILE.keySet().stream()
            .sorted()
            .filter(key -> !document.root().at(pointer + "/" + key).isMissingNode())
            .forEach(key ->
                report(
                    pointer + "/" + key,
                    step + " has both " + key + " and settings, whose file says that",
                    IN_THE_FILE.get(key) + " in the file"));
        yield new Work.Defined(text(pointer + "/settings"), null, timeout, compute);
      }
      case "job" -> {
        if (compute != null) {
          report(
              pointer + "/compute",
              step + " has both compute and job: a job runs on the compute in its own settings",
              "compute with notebook, script or wheel");
        }
        yield new Work.Job(
            document.written(pointer + "/job").strip(), parameters(pointer), timeout);
      }
      case "script" ->
          new Work.Script(
              text(pointer + "/script"), parameters(pointer), arguments(pointer), timeout, compute);
      case "wheel" -> {
        Work.Wheel wheel =
            new Work.Wheel(
                text(pointer + "/wheel/package"),
                text(pointer + "/wheel/entry-point"),
                document.text(pointer + "/wheel/file"),
                parameters(pointer),
                arguments(pointer),
                timeout,
                compute);
        refuseWheelOfAnother(wheel, pointer);
        yield wheel;
      }
      default ->
          new Work.Notebook(
              document.root().at(pointer).isTextual() ? text(pointer) : text(pointer + "/notebook"),
              parameters(pointer),
              timeout,
              compute);
    };
  }

  private static String oneOf(String step) {
    return "one of notebook, job, script, wheel" + (step.equals("batch") ? ", settings" : "");
  }

  /**
   * A wheel's name begins with that of its package.
   *
   * @see <a
   *     href="https://packaging.python.org/en/latest/specifications/binary-distribution-format/">
   *     File name convention</a>
   */
  private void refuseWheelOfAnother(Work.Wheel wheel, String pointer) {
    String path = wheel.wheel();
    if (path == null || wheel.pack().isEmpty()) {
      return;
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    String pack = name.substring(0, name.indexOf('-') < 0 ? name.length() - 4 : name.indexOf('-'));
    if (!plain(pack).equals(plain(wheel.pack()))) {
      report(
          pointer + "/wheel/file",
          pointer.substring(1)
              + ".wheel.file is a wheel of package "
              + pack
              + ", and the package is "
              + wheel.pack(),
          "a wheel of that package, whose name begins with "
              + wheel.pack().replaceAll("[-_.]+", "_")
              + "-");
    }
  }

  /** A package's name in the form in which names are compared. */
  private static String plain(String pack) {
    return pack.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
  }

  /** Only programs take words in a row. */
  private void refuseArgumentsOf(String form, String pointer) {
    boolean isList = document.root().at(pointer + "/parameters").isArray();
    if (isList && (form.equals("notebook") || form.equals("job"))) {
      report(
          pointer + "/parameters",
          pointer.substring(1) + ".parameters is a list, and a " + form + " has names for them",
          "a map of names and values");
    }
  }

  /** Scoring must get the version; where the file says how it gets anything, it says that too. */
  private void refuseWithoutVersion(Work work) {
    String pointer = "/batch/parameters";
    if (work instanceof Work.Defined || !document.knows(pointer)) {
      // Its parameters are in its file, or some can't be read.
      return;
    }
    boolean isList = document.root().at(pointer).isArray();
    boolean hasPlaces = ScoringValues.hasPlaces(work);
    if (work instanceof Work.Job && hasPlaces) {
      report(
          pointer,
          "batch.parameters has values in braces, but a job of yours gets them through parameters of its"
              + " own: model_uri, model_version, table, batch_id and promotion_id",
          "plain values");
    } else if ((isList || hasPlaces)
        && !(work instanceof Work.Notebook)
        && !ScoringValues.hasPlaceOfVersion(work)) {
      report(
          pointer,
          "batch.parameters "
              + (isList ? "is a list" : "has values in braces")
              + ", but none passes the version",
          "\"{model_uri}\" or \"{model_version}\" as one of the values");
    }
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

  private @Nullable List<String> arguments(String pointer) {
    JsonNode node = document.root().at(pointer + "/parameters");
    if (!node.isArray()) {
      return null;
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      arguments.add(document.written(pointer + "/parameters/" + i));
    }
    return List.copyOf(arguments);
  }

  private Duration timeout(String pointer, Duration usual) {
    String text = document.text(pointer + "/timeout");
    if (text == null) {
      return usual;
    }
    WrittenDuration.fault(pointer.substring(1) + ".timeout", text)
        .ifPresent(fault -> report(pointer + "/timeout", fault, WrittenDuration.ALLOWED));
    return WrittenDuration.read(text).orElse(usual);
  }

  private String text(String pointer) {
    return document.root().at(pointer).asText();
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
