package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Work;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The required state of a stored job.
 *
 * @param workspace where it lives
 * @param name its name, such as "churn-batch"; it is found by this and the tag {@code
 *     portage_model}
 * @param model registered model it belongs to
 * @param promotion id of the promotion that orders it
 * @param key from workflow id, step and business attempt
 * @param source commit and repository
 * @param notebook relative to {@code promotion.yaml}; null for other work
 * @param modelUri widget {@code model_uri}, such as {@code models:/churn/3}
 * @param modelVersion widget {@code model_version}
 * @param table widget {@code table}
 * @param parameters further widgets that {@code promotion.yaml} names
 * @param schedule Quartz cron expression, null for a job that only promotions run
 * @param timezone of the schedule, such as "UTC"
 * @param timeout after which the workspace ends a run
 * @param grant the turn in hand, null from a writer that knows no numbers
 * @param seen id of the job as read before: it exists although a list may not show it; null for
 *     none, or from a writer that did not say
 * @param work what scores; null from a writer that knew notebooks alone
 */
public record JobOrder(
    String workspace,
    String name,
    String model,
    String promotion,
    String key,
    Source source,
    @Nullable String notebook,
    String modelUri,
    String modelVersion,
    String table,
    Map<String, String> parameters,
    @Nullable String schedule,
    String timezone,
    Duration timeout,
    @Nullable Grant grant,
    @Nullable Long seen,
    @Nullable Work work)
    implements UnderTurn {
  public JobOrder {
    parameters = Map.copyOf(parameters);
  }

  /** An order from a holder without a numbered turn. */
  public JobOrder(
      String workspace,
      String name,
      String model,
      String promotion,
      String key,
      Source source,
      String notebook,
      String modelUri,
      String modelVersion,
      String table,
      Map<String, String> parameters,
      @Nullable String schedule,
      String timezone,
      Duration timeout) {
    this(
        workspace,
        name,
        model,
        promotion,
        key,
        source,
        notebook,
        modelUri,
        modelVersion,
        table,
        parameters,
        schedule,
        timezone,
        timeout,
        null,
        null,
        new Work.Notebook(notebook, parameters, timeout));
  }

  /**
   * The job as a hop would have it, before there is a version and a turn: only to be previewed.
   *
   * @param version stands for the version's number
   * @param promotion stands for the promotion's id
   */
  public static JobOrder planned(
      String workspace,
      BatchSettings batch,
      String model,
      String registeredModel,
      Source source,
      String version,
      String promotion) {
    return new JobOrder(
        workspace,
        batch.job(),
        model,
        promotion,
        "",
        source,
        batch.notebook(),
        "models:/" + registeredModel + "/" + version,
        version,
        batch.table(),
        batch.parameters(),
        batch.schedule(),
        batch.timezone(),
        batch.timeout(),
        null,
        null,
        batch.work());
  }

  /** The same, knowing the job that was looked at before; null for none. */
  public JobOrder seenAs(@Nullable JobState job) {
    return new JobOrder(
        workspace,
        name,
        model,
        promotion,
        key,
        source,
        notebook,
        modelUri,
        modelVersion,
        table,
        parameters,
        schedule,
        timezone,
        timeout,
        grant,
        job == null ? null : job.jobId(),
        work);
  }

  /** What scores. */
  public Work scoring() {
    return work == null
        ? new Work.Notebook(
            Objects.requireNonNull(notebook, "without work there is a notebook"),
            parameters,
            timeout)
        : work;
  }
}
