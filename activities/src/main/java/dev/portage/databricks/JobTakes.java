package dev.portage.databricks;

import com.databricks.sdk.service.jobs.RunNow;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * How a job of the team accepts values, as far as its settings show. The job's own parameters come
 * first: if it has any, the Jobs API accepts no others.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/runnow">jobs/run-now</a>
 */
sealed interface JobTakes {

  /** Names that it is known to take. */
  Set<String> names();

  /** Gives a run these values, all of which it takes. */
  void give(RunNow run, Map<String, String> values);

  /** Whether it may accept a name that it doesn't show. */
  default boolean mayTakeOthers() {
    return false;
  }

  /** Parameters of the job. */
  record OfTheJob(Set<String> names) implements JobTakes {
    @Override
    public void give(RunNow run, Map<String, String> values) {
      run.setJobParameters(new TreeMap<>(values));
    }
  }

  /** Widgets of its notebooks: its settings name some, and the notebooks may have others. */
  record Widgets(Set<String> names) implements JobTakes {
    @Override
    public void give(RunNow run, Map<String, String> values) {
      run.setNotebookParams(new TreeMap<>(values));
    }

    @Override
    public boolean mayTakeOthers() {
      return true;
    }
  }

  /** Named parameters of its single wheel task; a run's own replace all of them. */
  record Named(Map<String, String> usual) implements JobTakes {
    @Override
    public Set<String> names() {
      return usual.keySet();
    }

    @Override
    public void give(RunNow run, Map<String, String> values) {
      Map<String, String> all = new LinkedHashMap<>(usual);
      all.putAll(values);
      run.setPythonNamedParams(all);
    }
  }

  /** The command line of its single Python task; a run's own replaces all of it. */
  record CommandLine(List<String> usual) implements JobTakes {
    @Override
    public Set<String> names() {
      Set<String> names = new LinkedHashSet<>();
      usual.stream()
          .filter(word -> word.startsWith("--") && word.length() > 2)
          .forEach(word -> names.add(word.substring(2).split("=", 2)[0]));
      return names;
    }

    @Override
    public void give(RunNow run, Map<String, String> values) {
      List<String> line = new ArrayList<>();
      for (int i = 0; i < usual.size(); i++) {
        String word = usual.get(i);
        String name = word.startsWith("--") ? word.substring(2).split("=", 2)[0] : "";
        String value = values.get(name);
        if (value == null) {
          line.add(word);
        } else {
          line.add("--" + name + "=" + value);
          // The value that stood behind it as a word of its own goes with it.
          boolean apart = word.indexOf('=') < 0;
          i += apart && i + 1 < usual.size() && !usual.get(i + 1).startsWith("--") ? 1 : 0;
        }
      }
      run.setPythonParams(line);
    }
  }

  /** No values by name. */
  record Nothing() implements JobTakes {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public void give(RunNow run, Map<String, String> values) {
      // There is nothing to give.
    }
  }

  /** What a job with these settings takes. */
  static JobTakes of(JsonNode settings) {
    Set<String> ofTheJob = new LinkedHashSet<>();
    settings.path("parameters").forEach(parameter -> ofTheJob.add(parameter.path("name").asText()));
    if (!ofTheJob.isEmpty()) {
      return new OfTheJob(ofTheJob);
    }
    List<JsonNode> tasks =
        StreamSupport.stream(settings.path("tasks").spliterator(), false).toList();
    Set<String> widgets = new LinkedHashSet<>();
    boolean notebooks = false;
    for (JsonNode task : tasks) {
      notebooks |= task.has("notebook_task");
      task.path("notebook_task")
          .path("base_parameters")
          .fieldNames()
          .forEachRemaining(widgets::add);
    }
    if (notebooks) {
      return new Widgets(widgets);
    }
    List<JsonNode> programs =
        tasks.stream()
            .filter(task -> task.has("spark_python_task") || task.has("python_wheel_task"))
            .toList();
    return programs.size() == 1 ? ofProgram(programs.getFirst()) : new Nothing();
  }

  private static JobTakes ofProgram(JsonNode task) {
    JsonNode wheel = task.path("python_wheel_task");
    if (wheel.has("named_parameters")) {
      Map<String, String> usual = new LinkedHashMap<>();
      wheel
          .path("named_parameters")
          .properties()
          .forEach(value -> usual.put(value.getKey(), value.getValue().asText()));
      return new Named(usual);
    }
    List<String> line = new ArrayList<>();
    JsonNode program = task.has("spark_python_task") ? task.path("spark_python_task") : wheel;
    program.path("parameters").forEach(word -> line.add(word.asText()));
    return new CommandLine(line);
  }
}
