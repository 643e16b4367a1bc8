package dev.portage.databricks;

import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.PythonWheelTask;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.jobs.Task;
import dev.portage.job.Source;
import dev.portage.settings.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a task runs, as the Jobs API expresses it.
 *
 * @param notebook null for other work
 * @param script null for other work
 * @param wheel null for other work
 * @param wheelFile wheel that has to be installed before, null for none
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/submit">runs/submit</a>
 */
record TaskCode(
    @Nullable NotebookTask notebook,
    @Nullable SparkPythonTask script,
    @Nullable PythonWheelTask wheel,
    @Nullable String wheelFile) {

  /**
   * The code of a commit.
   *
   * @param parameters values by name, in order
   */
  static TaskCode of(Source source, Work work, Map<String, String> parameters) {
    return switch (work) {
      case Work.Notebook notebook ->
          new TaskCode(Sources.notebook(source, notebook.notebook(), parameters), null, null, null);
      case Work.Script script ->
          new TaskCode(
              null,
              new SparkPythonTask()
                  .setPythonFile(source.filePath(script.script()))
                  .setSource(com.databricks.sdk.service.jobs.Source.GIT)
                  .setParameters(arguments(script.arguments(), parameters)),
              null,
              null);
      case Work.Wheel wheel -> {
        PythonWheelTask task =
            new PythonWheelTask().setPackageName(wheel.pack()).setEntryPoint(wheel.entryPoint());
        List<String> line = commandLine(wheel, parameters);
        yield new TaskCode(
            null,
            null,
            line == null ? task.setNamedParameters(parameters) : task.setParameters(line),
            wheel.wheelOf(source.commit()));
      }
      case Work.Defined file ->
          throw new IllegalArgumentException(file.named() + " has tasks of its own");
      case Work.Job job ->
          throw new IllegalArgumentException(job.named() + " is run as it is, by run-now");
    };
  }

  /** The command line of a script with these values. */
  static List<String> commandLine(Work.Script script, Map<String, String> parameters) {
    return arguments(script.arguments(), parameters);
  }

  /** The command line of an entry point with these values; null where it takes them by name. */
  static @Nullable List<String> commandLine(Work.Wheel wheel, Map<String, String> parameters) {
    return wheel.arguments() == null ? null : arguments(wheel.arguments(), parameters);
  }

  /** Puts it into the task of a one-time run. */
  SubmitTask into(SubmitTask task) {
    return task.setNotebookTask(notebook).setSparkPythonTask(script).setPythonWheelTask(wheel);
  }

  /** Puts it into the task of a lasting job. */
  Task into(Task task) {
    return task.setNotebookTask(notebook).setSparkPythonTask(script).setPythonWheelTask(wheel);
  }

  private static List<String> arguments(
      @Nullable List<String> given, Map<String, String> parameters) {
    List<String> arguments = new ArrayList<>(given == null ? List.of() : given);
    parameters.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    return arguments;
  }
}
