package dev.portage.preflight;

import dev.portage.job.JobQuery;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.RunSearch;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion depends on in a workspace, asked together with its rights. Each is null where it
 * is not asked for.
 *
 * @param version version that somebody wants to promote; it is a lack when there is none
 * @param run run that somebody wants to promote the model of; it is a lack when there is none
 * @param champion model whose champion the plan names
 * @param job scoring job that the plan names
 * @param released promotion that may have been released there before
 */
public record Ahead(
    @Nullable VersionQuery version,
    @Nullable RunSearch run,
    @Nullable ModelQuery champion,
    @Nullable JobQuery job,
    @Nullable PromotionQuery released) {}
