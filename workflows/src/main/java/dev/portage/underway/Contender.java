package dev.portage.underway;

import dev.portage.lane.TurnRequest;
import dev.portage.settings.Concurrency;
import dev.portage.text.Bounded;
import java.time.Instant;
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
 */
public record Contender(
    String promotion,
    @Nullable String commit,
    @Nullable String ancestors,
    String origin,
    @Nullable Long version,
    Boolean allowOlder,
    Concurrency policy,
    Instant since) {

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
   * How this candidate relates to another: by their commits; without those, by their numbers as
   * versions of one registered model.
   */
  public Age comparedTo(Contender other) {
    if (commit != null && other.commit != null) {
      if (commit.equals(other.commit)) {
        return Age.SAME;
      }
      if (Ancestors.contain(ancestors, other.commit)) {
        return Age.NEWER;
      }
      return Ancestors.contain(other.ancestors, commit) ? Age.OLDER : Age.UNKNOWN;
    }
    if (commit == null
        && other.commit == null
        && version != null
        && other.version != null
        && origin.equals(other.origin)) {
      int order = version.compareTo(other.version);
      return order == 0 ? Age.SAME : order > 0 ? Age.NEWER : Age.OLDER;
    }
    return Age.UNKNOWN;
  }

  /**
   * The same without what a crowded state has no room for: then its relation to most is unknown.
   */
  Contender withoutAncestors() {
    return new Contender(promotion, commit, null, origin, version, allowOlder, policy, since);
  }

  /** How people name its candidate, such as "commit 0123456789ab" or "version 31". */
  public String candidate() {
    return commit != null
        ? "commit " + Ancestors.shorten(commit)
        : version != null ? "version " + version : "a run without a commit";
  }
}
