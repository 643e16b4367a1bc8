package dev.portage.job;

import dev.portage.settings.Work;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Order for one run of a notebook, script or wheel, by key: the same key is the same run, however
 * often it is requested.
 *
 * @param workspace where it runs
 * @param key from workflow id, step and business attempt; hashed into the API's idempotency token
 * @param name shown as the run's name
 * @param source commit and repository
 * @param notebook relative to {@code promotion.yaml}, such as {@code notebooks/train.py}; null for
 *     other work
 * @param parameters values of the notebook's widgets
 * @param tags written on the MLflow run by way of MLFLOW_RUN_CONTEXT, where the compute lets us set
 *     variables
 * @param timeout after which the workspace ends the run
 * @param work what runs; null from a writer that knew notebooks alone
 */
public record NotebookOrder(
    String workspace,
    String key,
    String name,
    Source source,
    @Nullable String notebook,
    Map<String, String> parameters,
    Map<String, String> tags,
    Duration timeout,
    @Nullable Work work) {

  public NotebookOrder {
    parameters = Map.copyOf(parameters);
    tags = Map.copyOf(tags);
  }

  /** A run of a notebook. */
  public NotebookOrder(
      String workspace,
      String key,
      String name,
      Source source,
      String notebook,
      Map<String, String> parameters,
      Map<String, String> tags,
      Duration timeout) {
    this(
        workspace,
        key,
        name,
        source,
        notebook,
        parameters,
        tags,
        timeout,
        new Work.Notebook(notebook, parameters, timeout));
  }

  /** A run of this work, which is no job of the team's. */
  public static NotebookOrder of(
      String workspace,
      String key,
      String name,
      Source source,
      Work work,
      Map<String, String> tags) {
    return new NotebookOrder(workspace, key, name, source, work, tags);
  }

  private NotebookOrder(
      String workspace,
      String key,
      String name,
      Source source,
      Work work,
      Map<String, String> tags) {
    this(
        workspace,
        key,
        name,
        source,
        work instanceof Work.Notebook notebook ? notebook.notebook() : null,
        work.parameters(),
        tags,
        work.timeout(),
        work);
  }

  /** What runs. */
  public Work running() {
    return work == null
        ? new Work.Notebook(
            Objects.requireNonNull(notebook, "without work there is a notebook"),
            parameters,
            timeout)
        : work;
  }
}
