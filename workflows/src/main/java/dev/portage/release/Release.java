package dev.portage.release;

import dev.portage.approval.Decision;
import dev.portage.live.LiveState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion, a rollback or an adoption made live in one workspace, and what was live before.
 * It states all that is needed to make the same live again. Fields are only ever added: records are
 * read for as long as the workspace keeps them.
 *
 * @param promotion id of the promotion; of a rollback or an adoption, that of its own workflow
 * @param workspace where
 * @param model full name there
 * @param version version that is live
 * @param previousVersion version that was live before, null for none
 * @param digest digest of its manifest
 * @param commit commit it was trained from, null when unknown
 * @param jobId batch job, null for none
 * @param decisions who approved
 * @param at when it went live
 * @param jobRunsAs whom the batch job runs as, null for none, when unknown, or from a writer that
 *     did not say
 * @param turn number of the turn under which it went live: of two releases the one with the higher
 *     is the newer; null from a writer that did not say
 * @param live desired state of each live thing, in the order in which they are changed; null from a
 *     writer that did not say
 * @param before state of each live thing before, as the change itself found it; null from a writer
 *     that did not say
 * @param proof what the decisions rest on; null for none, or from a writer that did not say
 * @param order when readers saw it in each place, in that order; null from a writer that did not
 *     say
 */
public record Release(
    String promotion,
    String workspace,
    String model,
    String version,
    @Nullable String previousVersion,
    String digest,
    @Nullable String commit,
    @Nullable Long jobId,
    List<Decision> decisions,
    Instant at,
    @Nullable String jobRunsAs,
    @Nullable Long turn,
    @Nullable List<LiveState> live,
    @Nullable List<LiveState> before,
    @Nullable Proof proof,
    @Nullable List<WentLive> order) {

  public Release {
    decisions = List.copyOf(decisions);
    live = live == null ? null : List.copyOf(live);
    before = before == null ? null : List.copyOf(before);
    order = order == null ? null : List.copyOf(order);
  }

  /** Whether it is what that promotion made live there, and as that version. */
  public boolean isOf(String promotion, String workspace, String version) {
    return this.promotion.equals(promotion)
        && this.workspace.equals(workspace)
        && this.version.equals(version);
  }

  /** State of each live thing since; of a record that lists none, what it says of them. */
  public List<LiveState> states() {
    if (live != null) {
      return live;
    }
    LiveState champion =
        new LiveState("champion", true, version, "version " + version, Map.of(), null);
    Long job = jobId;
    if (job == null) {
      return List.of(champion);
    }
    String text =
        "job "
            + job
            + " with version "
            + version
            + (jobRunsAs == null ? "" : ", runs as " + jobRunsAs);
    return List.of(new LiveState("batch", true, version, text, Map.of(), null), champion);
  }

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(
      String promotion, String workspace, String model, String version, String digest, Instant at) {
    return new Builder(promotion, workspace, model, version, digest, at);
  }

  /** This one, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(promotion, workspace, model, version, digest, at);
    builder.previousVersion = previousVersion;
    builder.commit = commit;
    builder.jobId = jobId;
    builder.decisions = decisions;
    builder.jobRunsAs = jobRunsAs;
    builder.turn = turn;
    builder.live = live;
    builder.before = before;
    builder.proof = proof;
    builder.order = order;
    return builder;
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String promotion;
    private final String workspace;
    private final String model;
    private final String version;
    private @Nullable String previousVersion;
    private final String digest;
    private @Nullable String commit;
    private @Nullable Long jobId;
    private List<Decision> decisions = List.of();
    private final Instant at;
    private @Nullable String jobRunsAs;
    private @Nullable Long turn;
    private @Nullable List<LiveState> live;
    private @Nullable List<LiveState> before;
    private @Nullable Proof proof;
    private @Nullable List<WentLive> order;

    private Builder(
        String promotion,
        String workspace,
        String model,
        String version,
        String digest,
        Instant at) {
      this.promotion = promotion;
      this.workspace = workspace;
      this.model = model;
      this.version = version;
      this.digest = digest;
      this.at = at;
    }

    /** Version that was live before, null for none. */
    public Builder previousVersion(@Nullable String previousVersion) {
      this.previousVersion = previousVersion;
      return this;
    }

    /** Commit it was trained from, null when unknown. */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** The batch job, and whom it runs as. */
    public Builder job(@Nullable Long jobId, @Nullable String jobRunsAs) {
      this.jobId = jobId;
      this.jobRunsAs = jobRunsAs;
      return this;
    }

    /** Who approved. */
    public Builder decisions(List<Decision> decisions) {
      this.decisions = decisions;
      return this;
    }

    /**
     * Number of the turn under which it went live: of two releases the one with the higher is the
     * newer; null from a writer that did not say.
     */
    public Builder turn(@Nullable Long turn) {
      this.turn = turn;
      return this;
    }

    /**
     * State of each live thing since, and before it as the change itself found it, in the order in
     * which they are changed; null when unknown.
     */
    public Builder states(@Nullable List<LiveState> live, @Nullable List<LiveState> before) {
      this.live = live;
      this.before = before;
      return this;
    }

    /** What the decisions rest on; null for none. */
    public Builder proof(@Nullable Proof proof) {
      this.proof = proof;
      return this;
    }

    /** When readers saw it in each place, in that order; null when unknown. */
    public Builder order(@Nullable List<WentLive> order) {
      this.order = order;
      return this;
    }

    /** What was filled in. */
    public Release build() {
      return new Release(
          promotion,
          workspace,
          model,
          version,
          previousVersion,
          digest,
          commit,
          jobId,
          decisions,
          at,
          jobRunsAs,
          turn,
          live,
          before,
          proof,
          order);
    }
  }
}
