package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.jobs.RunPlan.Parameter;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run-now} uses instead of a job's own parameters, by kind of task.
 *
 * @param notebook widgets of notebooks, in addition to their own
 * @param line command line of Python files and wheels, in place of theirs; null for none
 * @param named named parameters of wheels, in place of theirs; null for none
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/runnow">jobs/run-now</a>
 */
record Overrides(
    Map<String, String> notebook, @Nullable ArrayNode line, @Nullable Map<String, String> named) {

  /** Nothing is replaced. */
  static final Overrides NONE = new Overrides(Map.of(), null, null);

  /**
   * Those of a call.
   *
   * @param jobParameters whether the job has parameters of its own
   * @throws ApiRefusal INVALID_PARAMETER_VALUE where kinds are mixed that exclude each other
   */
  static Overrides of(JsonNode body, boolean jobParameters) {
    Map<String, String> notebook = Json.texts(body, "notebook_params");
    ArrayNode line = body.get("python_params") instanceof ArrayNode list ? list : null;
    Map<String, String> named =
        body.hasNonNull("python_named_params") ? Json.texts(body, "python_named_params") : null;
    boolean any = !notebook.isEmpty() || line != null || named != null;
    if (any && (jobParameters || body.hasNonNull("job_parameters"))) {
      throw ApiRefusal.invalidParameter(
          "notebook_params, python_params and python_named_params can't be used with job parameters; use job_parameters");
    }
    if (line != null && named != null) {
      throw ApiRefusal.invalidParameter(
          "Only one of python_params and python_named_params may be given");
    }
    return any ? new Overrides(notebook, line, named) : NONE;
  }

  /** As a run reports them; null for none. */
  @Nullable ObjectNode json() {
    ObjectNode json = Json.object();
    if (!notebook.isEmpty()) {
      json.set("notebook_params", Json.ofTexts(notebook));
    }
    if (line != null) {
      json.set("python_params", line);
    }
    if (named != null) {
      json.set("python_named_params", Json.ofTexts(named));
    }
    return json.isEmpty() ? null : json;
  }

  /**
   * The command line of a Python file or wheel.
   *
   * @param task the file's or wheel's part of the task
   * @param parameters of the job; they reach a wheel that takes its values by name
   */
  List<String> commandLine(JsonNode task, List<Parameter> parameters) {
    boolean byName = task.has("entry_point");
    if (byName && named != null) {
      return options(named);
    }
    if (line != null) {
      return words(line);
    }
    if (byName && task.hasNonNull("named_parameters")) {
      Map<String, String> values = new LinkedHashMap<>(Json.texts(task, "named_parameters"));
      parameters.forEach(parameter -> values.put(parameter.name(), parameter.value()));
      return options(values);
    }
    return words(Json.list(task, "parameters"));
  }

  private static List<String> options(Map<String, String> values) {
    return values.entrySet().stream().map(v -> "--" + v.getKey() + "=" + v.getValue()).toList();
  }

  private static List<String> words(ArrayNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }
}
