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

  /** The order of a hop for what {@code promotion.yaml} says about batch scoring. */
  public static Builder of(String workspace, String model, BatchSettings batch, Source source) {
    return new Builder(workspace, model, batch, source);
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
    return of(workspace, model, batch, source)
        .orderedBy(promotion, "")
        .version("models:/" + registeredModel + "/" + version, version)
        .build();
  }

  /** The same, knowing the job that was looked at before; null for none. */
  public JobOrder seenAs(@Nullable JobState job) {
    return toBuilder().seen(job == null ? null : job.jobId()).build();
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

  /** This one, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(workspace, name, model, source, timeout);
    builder.promotion = promotion;
    builder.key = key;
    builder.notebook = notebook;
    builder.modelUri = modelUri;
    builder.modelVersion = modelVersion;
    builder.table = table;
    builder.parameters = parameters;
    builder.schedule = schedule;
    builder.timezone = timezone;
    builder.grant = grant;
    builder.seen = seen;
    builder.work = work;
    return builder;
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String workspace;
    private final String name;
    private final String model;
    private String promotion = "";
    private String key = "";
    private final Source source;
    private @Nullable String notebook;
    private String modelUri = "";
    private String modelVersion = "";
    private String table = "";
    private Map<String, String> parameters = Map.of();
    private @Nullable String schedule;
    private String timezone = "";
    private final Duration timeout;
    private @Nullable Grant grant;
    private @Nullable Long seen;
    private @Nullable Work work;

    private Builder(String workspace, String name, String model, Source source, Duration timeout) {
      this.workspace = workspace;
      this.name = name;
      this.model = model;
      this.source = source;
      this.timeout = timeout;
    }

    private Builder(String workspace, String model, BatchSettings batch, Source source) {
      this(workspace, batch.job(), model, source, batch.timeout());
      this.notebook = batch.notebook();
      this.table = batch.table();
      this.parameters = batch.parameters();
      this.schedule = batch.schedule();
      this.timezone = batch.timezone();
      this.work = batch.work();
    }

    /**
     * Id of the promotion that orders it, and the key from workflow id, step and business attempt.
     */
    public Builder orderedBy(String promotion, String key) {
      this.promotion = promotion;
      this.key = key;
      return this;
    }

    /** Widgets {@code model_uri}, such as {@code models:/churn/3}, and {@code model_version}. */
    public Builder version(String modelUri, String modelVersion) {
      this.modelUri = modelUri;
      this.modelVersion = modelVersion;
      return this;
    }

    /** Quartz cron expression, null for a job that only promotions run, and its timezone. */
    public Builder schedule(@Nullable String schedule, String timezone) {
      this.schedule = schedule;
      this.timezone = timezone;
      return this;
    }

    /** The turn in hand, null from a writer that knows no numbers. */
    public Builder grant(@Nullable Grant grant) {
      this.grant = grant;
      return this;
    }

    /**
     * Id of the job as read before: it exists although a list may not show it; null for none, or
     * from a writer that did not say.
     */
    public Builder seen(@Nullable Long seen) {
      this.seen = seen;
      return this;
    }

    /** What scores. */
    public Builder work(Work work) {
      this.notebook = work instanceof Work.Notebook one ? one.notebook() : null;
      this.work = work;
      return this;
    }

    /** What was filled in. */
    public JobOrder build() {
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
          seen,
          work);
    }
  }
}
