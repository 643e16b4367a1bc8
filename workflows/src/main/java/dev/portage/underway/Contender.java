package dev.portage.underway;

import dev.portage.lane.TurnRequest;
import dev.portage.settings.Concurrency;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A promotion that is under way to a registered model.
 *
 * @param promotion its workflow id
 * @param commit full id of the candidate's commit, null when unknown
 * @param ancestors commits before it as far as its starter knew them, see {@link Ancestors}; null
 *     when unknown
 * @param origin registered model of the first workspace that {@code version} is of, such as
 *     "dev/churn"
 * @param version number of its version there; null when it is not registered yet
 * @param allowOlder whether going back to an older candidate is wanted
 * @param policy what it does about others
 * @param since when it came
 * @param wentOn whether it has gone on before, so that it is no newcomer though nobody remembers
 *     it; null for no, or from a writer that did not say
 */
public record Contender(
    String promotion,
    @Nullable String commit,
    @Nullable String ancestors,
    String origin,
    @Nullable Long version,
    Boolean allowOlder,
    Concurrency policy,
    Instant since,
    @Nullable Boolean wentOn) {

  /** One that comes for the first time. */
  public Contender(
      String promotion,
      @Nullable String commit,
      @Nullable String ancestors,
      String origin,
      @Nullable Long version,
      Boolean allowOlder,
      Concurrency policy,
      Instant since) {
    this(promotion, commit, ancestors, origin, version, allowOlder, policy, since, null);
  }

  /** Whether it is what it says, and fits in the state: anyone may send a message. */
  boolean isPromotion() {
    return promotion.startsWith(TurnRequest.PROMOTIONS)
        && Bounded.fits(promotion, Bounded.NAME)
        && Bounded.fits(origin, Bounded.NAME)
        && (commit == null || Bounded.fits(commit, Bounded.NAME))
        && (ancestors == null || Bounded.fits(ancestors, Ancestors.LONGEST));
  }

  /** How two candidates relate. */
  public enum Age {
    NEWER,
    OLDER,
    /** The same commit or version: a wanted repeat. */
    SAME,
    UNKNOWN
  }

  /**
   * How this candidate relates to another: by their commits; where those don't say it, by their
   * numbers as versions of one registered model. Two branches can't be compared, whatever their
   * numbers.
   */
  public Age comparedTo(Contender other) {
    Age byCommit = byCommit(other);
    return switch (byCommit) {
      case NEWER, OLDER -> byCommit;
      case SAME -> byVersion(other).orElse(Age.SAME);
      case UNKNOWN ->
          isFullyKnown() && other.isFullyKnown()
              ? Age.UNKNOWN
              : byVersion(other).orElse(Age.UNKNOWN);
    };
  }

  private Age byCommit(Contender other) {
    if (commit == null || other.commit == null) {
      return Age.UNKNOWN;
    }
    if (commit.equals(other.commit)) {
      return Age.SAME;
    }
    if (Ancestors.contain(ancestors, other.commit)) {
      return Age.NEWER;
    }
    return Ancestors.contain(other.ancestors, commit) ? Age.OLDER : Age.UNKNOWN;
  }

  /** Whether its place among commits is known. */
  private boolean isFullyKnown() {
    return commit != null && ancestors != null;
  }

  private Optional<Age> byVersion(Contender other) {
    if (version == null || other.version == null || !origin.equals(other.origin)) {
      return Optional.empty();
    }
    int order = version.compareTo(other.version);
    return Optional.of(order == 0 ? Age.SAME : order > 0 ? Age.NEWER : Age.OLDER);
  }

  /** The same, with what it said of itself before and leaves out now. */
  Contender completedBy(@Nullable Contender before) {
    if (before == null) {
      return this;
    }
    Builder builder = new Builder(this);
    builder.commit = commit == null ? before.commit : commit;
    builder.ancestors = ancestors == null ? before.ancestors : ancestors;
    builder.version = version == null ? before.version : version;
    return builder.build();
  }

  /**
   * The same without what a crowded state has no room for: then its relation to most is unknown.
   */
  Contender withoutAncestors() {
    Builder builder = new Builder(this);
    builder.ancestors = null;
    return builder.build();
  }

  /** The same, as one that has gone on before; null for one that has not. */
  public Contender goneOn(@Nullable Boolean before) {
    Builder builder = new Builder(this);
    builder.wentOn = before;
    return builder.build();
  }

  /** How people name its candidate, such as "commit 0123456789ab" or "version 31". */
  public String candidate() {
    return commit != null
        ? "commit " + Ancestors.shorten(commit)
        : version != null ? "version " + version : "a run without a commit";
  }

  private static final class Builder {
    private final Contender like;
    private @Nullable String commit;
    private @Nullable String ancestors;
    private @Nullable Long version;
    private @Nullable Boolean wentOn;

    Builder(Contender like) {
      this.like = like;
      commit = like.commit;
      ancestors = like.ancestors;
      version = like.version;
      wentOn = like.wentOn;
    }

    Contender build() {
      return new Contender(
          like.promotion,
          commit,
          ancestors,
          like.origin,
          version,
          like.allowOlder,
          like.policy,
          like.since,
          wentOn);
    }
  }
}
