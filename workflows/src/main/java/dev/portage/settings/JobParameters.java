package dev.portage.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.document.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one run of a job is given values other than those in its settings. {@code run-now} takes one
 * kind of parameters: those of the job if it has any, and otherwise those of its tasks, where they
 * go to every task of that kind.
 *
 * @param way the kind
 * @param named values by name, for all kinds but a command line
 * @param line the command line; empty for another kind
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/runnow">jobs/run-now</a>
 */
public record JobParameters(Way way, Map<String, String> named, List<String> line) {

  public JobParameters {
    named = Map.copyOf(named);
    line = List.copyOf(line);
  }

  /** A kind of parameters. */
  public enum Way {
    JOB,
    NOTEBOOKS,
    NAMED,
    LINE,
    NONE
  }

  /** Those of a task, and the kind that a run overrides them by. */
  private static final Map<String, Way> OF_TASKS = new LinkedHashMap<>();

  static {
    OF_TASKS.put("/notebook_task/base_parameters", Way.NOTEBOOKS);
    OF_TASKS.put("/python_wheel_task/named_parameters", Way.NAMED);
    OF_TASKS.put("/spark_python_task/parameters", Way.LINE);
    OF_TASKS.put("/python_wheel_task/parameters", Way.LINE);
  }

  /**
   * A value in the settings that a run can be given anew.
   *
   * @param way by which kind of parameters
   * @param pointer where it stands
   * @param name its name, "" in a command line
   * @param value what the file says
   */
  record Value(Way way, String pointer, String name, String value) {}

  /** All values in settings that a run can be given anew. */
  static List<Value> in(JsonNode settings) {
    List<Value> values = new ArrayList<>();
    JsonNode ofTheJob = settings.path("parameters");
    for (int i = 0; i < ofTheJob.size(); i++) {
      values.add(
          new Value(
              Way.JOB,
              "/parameters/" + i + "/default",
              ofTheJob.get(i).path("name").asText(),
              ofTheJob.get(i).path("default").asText()));
    }
    if (!values.isEmpty()) {
      return values;
    }
    for (int i = 0; i < settings.path("tasks").size(); i++) {
      JsonNode task = settings.path("tasks").get(i);
      String at = "/tasks/" + i;
      OF_TASKS.forEach((inTask, way) -> add(way, at + inTask, task.at(inTask), values));
    }
    return values;
  }

  private static void add(Way way, String pointer, JsonNode parameters, List<Value> into) {
    parameters
        .properties()
        .forEach(one ->
            into.add(
                new Value(
                    way,
                    pointer + "/" + YamlDocument.escape(one.getKey()),
                    one.getKey(),
                    one.getValue().asText())));
    for (int i = 0; parameters.isArray() && i < parameters.size(); i++) {
      into.add(new Value(way, pointer + "/" + i, "", parameters.get(i).asText()));
    }
  }

  /** The settings whose values name no promotion where a run can be given them anew. */
  static JsonNode withoutPromotion(JsonNode settings) {
    JsonNode without = settings.deepCopy();
    for (Value one : in(settings)) {
      String value = JobPlaces.filled(one.value(), Map.of(ScoringValues.PROMOTION, ""));
      JsonPointer pointer = JsonPointer.compile(one.pointer());
      if (value.equals(one.value())) {
        continue;
      }
      switch (without.at(pointer.head())) {
        case ObjectNode named -> named.put(pointer.last().getMatchingProperty(), value);
        case ArrayNode line -> line.set(pointer.last().getMatchingIndex(), value);
        default -> throw new IllegalStateException("a value is named or in a line");
      }
    }
    return without;
  }

  /** The kinds by which the settings take what a run is given. */
  static Set<Way> waysOf(JsonNode settings) {
    Set<Way> ways = new TreeSet<>();
    in(settings).stream()
        .filter(one -> JobPlaces.has(one.value(), JobPlaces.GIVEN))
        .forEach(one -> ways.add(one.way()));
    return ways;
  }

  /**
   * The parameters of a run.
   *
   * @param settings of the file, with their placeholders
   * @param values what the run is given, by name
   */
  public static JobParameters of(JsonNode settings, Map<String, String> values) {
    Set<Way> ways = waysOf(settings);
    Way way = ways.isEmpty() ? Way.NONE : ways.iterator().next();
    Map<String, String> named = new LinkedHashMap<>();
    List<String> line = new ArrayList<>();
    String ofTask = null;
    for (Value one : in(settings)) {
      if (one.way() != way) {
        continue;
      }
      String filled = JobPlaces.filled(one.value(), values);
      if (way == Way.LINE) {
        // Tasks of this kind have one line, which the reader of the file sees to.
        String task = one.pointer().substring(0, one.pointer().lastIndexOf('/'));
        ofTask = ofTask == null ? task : ofTask;
        if (task.equals(ofTask)) {
          line.add(filled);
        }
      } else if (way == Way.NAMED || JobPlaces.has(one.value(), JobPlaces.GIVEN)) {
        // Named parameters of a run replace all that a task has.
        named.put(one.name(), filled);
      }
    }
    return new JobParameters(way, named, line);
  }
}
