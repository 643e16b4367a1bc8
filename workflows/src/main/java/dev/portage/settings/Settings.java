package dev.portage.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.copy.Verify;
import dev.portage.notice.NoticeReceiver;
import dev.portage.tracking.RunChoice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion will do, frozen at its start.
 *
 * @param model name of the model, as in {@code promotion.yaml}
 * @param path the workspaces in order, at least two
 * @param experiment experiment of the copies to the first target; see {@link #experimentAt}
 * @param check what must pass before training is paid for, null for none
 * @param train what trains, null where only versions trained elsewhere are promoted
 * @param thresholds limits of metrics
 * @param batch batch scoring in the first target, null for none; see {@link #batchAt}
 * @param approvals policy by target workspace
 * @param identity how people are known
 * @param retryTimeout how long a step retries a server that doesn't respond
 * @param verify how copies are verified, by target workspace; null for {@link Verify#FULL} in all
 * @param choice which of several runs of training is promoted; null where several are an error
 * @param values every value in force, with its origin, for people
 * @param rehearsal scoring before anybody is asked; null without batch scoring, or from a writer
 *     that knew none
 * @param evaluate notebook that measures candidate and champion on the same data; null for none
 * @param receivers who is told of the promotion; null from a writer that told nobody
 * @param concurrency what becomes of several promotions of the model at once; null from a writer
 *     that let all of them go on
 * @param serve serving in the first target, null for none; see {@link #serveAt}
 */
public record Settings(
    String model,
    List<Station> path,
    String experiment,
    @Nullable Work check,
    @Nullable Work train,
    List<Threshold> thresholds,
    @Nullable BatchSettings batch,
    Map<String, ApprovalPolicy> approvals,
    Identity identity,
    @JsonProperty("patience") Duration retryTimeout,
    @Nullable Map<String, Verify> verify,
    @Nullable RunChoice choice,
    List<EffectiveValue> values,
    @Nullable RehearsalSettings rehearsal,
    @Nullable Work evaluate,
    @Nullable List<NoticeReceiver> receivers,
    @Nullable Concurrency concurrency,
    @Nullable ServeSettings serve) {

  public Settings {
    path = List.copyOf(path);
    thresholds = List.copyOf(thresholds);
    approvals = Map.copyOf(approvals);
    verify = verify == null ? null : Map.copyOf(verify);
    values = List.copyOf(values);
    receivers = receivers == null ? null : List.copyOf(receivers);
  }

  /** How a copy to a workspace is verified. */
  public Verify verifyOf(String workspace) {
    return verify == null ? Verify.FULL : verify.getOrDefault(workspace, Verify.FULL);
  }

  /** Batch scoring as one workspace names it; null for none. */
  public @Nullable BatchSettings batchAt(Station station) {
    return batch == null ? null : batch.with(station.names()).in(station);
  }

  /** Serving as one workspace names it; null for none. */
  public @Nullable ServeSettings serveAt(Station station) {
    return serve == null ? null : serve.with(station.names());
  }

  /** Experiment of the copies to a workspace. */
  public String experimentAt(Station station) {
    WorkspaceNames names = station.names();
    String own = names == null ? null : names.experiments();
    return own == null ? experiment : own;
  }

  /** The workspace that trains. */
  public Station first() {
    return path.getFirst();
  }

  /** The workspaces that are promoted to, in order. */
  public List<Station> targets() {
    return path.subList(1, path.size());
  }

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(
      String model,
      List<Station> path,
      String experiment,
      Identity identity,
      Duration retryTimeout) {
    return new Builder(model, path, experiment, identity, retryTimeout);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String model;
    private final List<Station> path;
    private final String experiment;
    private @Nullable Work check;
    private @Nullable Work train;
    private List<Threshold> thresholds = List.of();
    private @Nullable BatchSettings batch;
    private Map<String, ApprovalPolicy> approvals = Map.of();
    private final Identity identity;
    private final Duration retryTimeout;
    private @Nullable Map<String, Verify> verify;
    private @Nullable RunChoice choice;
    private List<EffectiveValue> values = List.of();
    private @Nullable RehearsalSettings rehearsal;
    private @Nullable Work evaluate;
    private @Nullable List<NoticeReceiver> receivers;
    private @Nullable Concurrency concurrency;
    private @Nullable ServeSettings serve;

    private Builder(
        String model,
        List<Station> path,
        String experiment,
        Identity identity,
        Duration retryTimeout) {
      this.model = model;
      this.path = path;
      this.experiment = experiment;
      this.identity = identity;
      this.retryTimeout = retryTimeout;
    }

    /** What must pass before training is paid for, null for none. */
    public Builder check(@Nullable Work check) {
      this.check = check;
      return this;
    }

    /** What trains, null where only versions trained elsewhere are promoted. */
    public Builder train(@Nullable Work train) {
      this.train = train;
      return this;
    }

    /** Limits of metrics. */
    public Builder thresholds(List<Threshold> thresholds) {
      this.thresholds = thresholds;
      return this;
    }

    /** Batch scoring, null for none. */
    public Builder batch(@Nullable BatchSettings batch) {
      this.batch = batch;
      return this;
    }

    /** Policy by target workspace. */
    public Builder approvals(Map<String, ApprovalPolicy> approvals) {
      this.approvals = approvals;
      return this;
    }

    /** How copies are verified, by target workspace; null for {@link Verify#FULL} in all. */
    public Builder verify(@Nullable Map<String, Verify> verify) {
      this.verify = verify;
      return this;
    }

    /** Which of several runs of training is promoted; null where several are an error. */
    public Builder choice(@Nullable RunChoice choice) {
      this.choice = choice;
      return this;
    }

    /** Every value in force, with its origin, for people. */
    public Builder values(List<EffectiveValue> values) {
      this.values = values;
      return this;
    }

    /**
     * Scoring before anybody is asked; null without batch scoring, or from a writer that knew none.
     */
    public Builder rehearsal(@Nullable RehearsalSettings rehearsal) {
      this.rehearsal = rehearsal;
      return this;
    }

    /** Notebook that measures candidate and champion on the same data; null for none. */
    public Builder evaluate(@Nullable Work evaluate) {
      this.evaluate = evaluate;
      return this;
    }

    /** Who is told of the promotion. */
    public Builder receivers(@Nullable List<NoticeReceiver> receivers) {
      this.receivers = receivers;
      return this;
    }

    /** What becomes of several promotions of the model at once. */
    public Builder concurrency(@Nullable Concurrency concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /** Serving in the first target, null for none. */
    public Builder serve(@Nullable ServeSettings serve) {
      this.serve = serve;
      return this;
    }

    /** What was filled in. */
    public Settings build() {
      return new Settings(
          model,
          path,
          experiment,
          check,
          train,
          thresholds,
          batch,
          approvals,
          identity,
          retryTimeout,
          verify,
          choice,
          values,
          rehearsal,
          evaluate,
          receivers,
          concurrency,
          serve);
    }
  }
}
