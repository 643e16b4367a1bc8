package dev.portage.databricks;

import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.Environment;
import com.databricks.sdk.service.compute.PythonPyPiLibrary;
import com.databricks.sdk.service.jobs.JobEnvironment;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.jobs.Task;
import dev.portage.compute.Requirements;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one task runs on, as the Jobs API expresses it: a cluster with libraries on the task, or
 * serverless compute with an environment next to the tasks.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/submit">jobs/runs/submit</a>
 */
final class TaskCompute {
  private static final String ENVIRONMENT = "default";

  /** For tasks that can't do without an environment, where the word names no version. */
  private static final String USUAL_VERSION = "4";

  private final @Nullable ClusterSpec cluster;
  private final @Nullable String version;
  private final List<LibrarySource> libraries;

  private TaskCompute(
      @Nullable ClusterSpec cluster, @Nullable String version, List<LibrarySource> libraries) {
    this.cluster = cluster;
    this.version = version;
    this.libraries = libraries;
  }

  static TaskCompute cluster(ClusterSpec cluster, List<LibrarySource> libraries) {
    return new TaskCompute(cluster, null, libraries);
  }

  /**
   * Serverless compute.
   *
   * @param version version of the environment, null where the word names none
   */
  static TaskCompute serverless(@Nullable String version, List<LibrarySource> libraries) {
    return new TaskCompute(null, version, libraries);
  }

  /** The same with this wheel installed last; null for none. */
  TaskCompute withWheel(@Nullable String path) {
    if (path == null) {
      return this;
    }
    List<LibrarySource> all = new ArrayList<>(libraries);
    all.add(new LibrarySource.Wheel(path));
    return new TaskCompute(cluster, version, all.stream().distinct().toList());
  }

  /** Has the task of a one-time run run on it. */
  void putOn(SubmitTask task, SubmitRun run) {
    if (cluster != null) {
      task.setNewCluster(cluster);
      if (!libraries.isEmpty()) {
        task.setLibraries(ofCluster());
      }
      return;
    }
    // Serverless compute would automatically retry a failed task, as another attempt.
    task.setDisableAutoOptimization(true);
    if (needsEnvironment(task.getNotebookTask() != null)) {
      task.setEnvironmentKey(ENVIRONMENT);
      run.setEnvironments(List.of(environment()));
    }
  }

  /** Has the task of a job run on it. */
  void putOn(Task task, JobSettings job) {
    if (cluster != null) {
      task.setNewCluster(cluster);
      if (!libraries.isEmpty()) {
        task.setLibraries(ofCluster());
      }
      return;
    }
    task.setDisableAutoOptimization(true);
    if (needsEnvironment(task.getNotebookTask() != null)) {
      task.setEnvironmentKey(ENVIRONMENT);
      job.setEnvironments(List.of(environment()));
    }
  }

  /** A notebook brings an environment of its own; other tasks have none but this. */
  private boolean needsEnvironment(boolean notebook) {
    return !notebook || version != null || !libraries.isEmpty();
  }

  private JobEnvironment environment() {
    Environment spec =
        new Environment().setEnvironmentVersion(version == null ? USUAL_VERSION : version);
    if (!libraries.isEmpty()) {
      spec.setDependencies(libraries.stream().map(TaskCompute::dependency).toList());
    }
    return new JobEnvironment().setEnvironmentKey(ENVIRONMENT).setSpec(spec);
  }

  private static String dependency(LibrarySource library) {
    return switch (library) {
      case LibrarySource.Line(String text) -> text;
      case LibrarySource.Wheel(String path) -> path;
      case LibrarySource.Jar(String path) -> path;
    };
  }

  /** An index that a requirements file names holds for the lines after it. */
  private List<com.databricks.sdk.service.compute.Library> ofCluster() {
    List<com.databricks.sdk.service.compute.Library> all = new ArrayList<>();
    String index = null;
    for (LibrarySource library : libraries) {
      switch (library) {
        case LibrarySource.Line(String text) when text.startsWith(Requirements.INDEX) ->
            index = text.substring(Requirements.INDEX.length());
        case LibrarySource.Line(String text) ->
            all.add(
                new com.databricks.sdk.service.compute.Library()
                    .setPypi(new PythonPyPiLibrary().setPackage(text).setRepo(index)));
        case LibrarySource.Wheel(String path) ->
            all.add(new com.databricks.sdk.service.compute.Library().setWhl(path));
        case LibrarySource.Jar(String path) ->
            all.add(new com.databricks.sdk.service.compute.Library().setJar(path));
      }
    }
    return all;
  }
}
