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
    @Nullable List<NoticeReceiver> receivers) {

  public Settings {
    path = List.copyOf(path);
    thresholds = List.copyOf(thresholds);
    approvals = Map.copyOf(approvals);
    verify = verify == null ? null : Map.copyOf(verify);
    values = List.copyOf(values);
    receivers = receivers == null ? null : List.copyOf(receivers);
  }

  /** Settings that say nothing of rehearsal and evaluation. */
  public Settings(
      String model,
      List<Station> path,
      String experiment,
      @Nullable Work check,
      @Nullable Work train,
      List<Threshold> thresholds,
      @Nullable BatchSettings batch,
      Map<String, ApprovalPolicy> approvals,
      Identity identity,
      Duration patience,
      @Nullable Map<String, Verify> verify,
      @Nullable RunChoice choice,
      List<EffectiveValue> values) {
    this(
        model,
        path,
        experiment,
        check,
        train,
        thresholds,
        batch,
        approvals,
        identity,
        patience,
        verify,
        choice,
        values,
        null,
        null,
        null);
  }

  /** How a copy to a workspace is verified. */
  public Verify verifyOf(String workspace) {
    return verify == null ? Verify.FULL : verify.getOrDefault(workspace, Verify.FULL);
  }

  /** Batch scoring as one workspace names it; null for none. */
  public @Nullable BatchSettings batchAt(Station station) {
    return batch == null ? null : batch.with(station.names());
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
}
