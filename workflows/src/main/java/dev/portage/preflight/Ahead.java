package dev.portage.preflight;

import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.RunSearch;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion depends on in a workspace, requested together with its rights. Null where not
 * requested.
 *
 * @param version version to promote; it is a failed finding if it doesn't exist
 * @param run run whose model to promote; it is a failed finding if it doesn't exist
 * @param champion model whose champion the plan names
 * @param job scoring job that the plan names
 * @param released promotion that may have been released there before
 * @param planned scoring job as it would be, to show what changes in it; null from a writer that
 *     did not say
 */
public record Ahead(
    @Nullable VersionQuery version,
    @Nullable RunSearch run,
    @Nullable ModelQuery champion,
    @Nullable JobQuery job,
    @Nullable PromotionQuery released,
    @Nullable JobOrder planned) {

  /** Without a look at what changes in the scoring job. */
  public Ahead(
      @Nullable VersionQuery version,
      @Nullable RunSearch run,
      @Nullable ModelQuery champion,
      @Nullable JobQuery job,
      @Nullable PromotionQuery released) {
    this(version, run, champion, job, released, null);
  }
}
