package dev.portage.release;

import dev.portage.approval.Decision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion made live in one workspace, and what was live before.
 *
 * @param promotion the promotion
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
    @Nullable Long turn) {

  public Release {
    decisions = List.copyOf(decisions);
  }

  /** Whether it is what that promotion made live there, and as that version. */
  public boolean isOf(String promotion, String workspace, String version) {
    return this.promotion.equals(promotion)
        && this.workspace.equals(workspace)
        && this.version.equals(version);
  }

  /** A release of which nobody knows whom its batch job runs as. */
  public Release(
      String promotion,
      String workspace,
      String model,
      String version,
      @Nullable String previousVersion,
      String digest,
      @Nullable String commit,
      @Nullable Long jobId,
      List<Decision> decisions,
      Instant at) {
    this(
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
        null,
        null);
  }
}
