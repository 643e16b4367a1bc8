package dev.portage.plan;

import dev.portage.job.JobQuery;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import org.jspecify.annotations.Nullable;

/**
 * Asks for what is live, and for what became of a version.
 *
 * @param champion model whose champion is told
 * @param job scoring job that is told, null for none
 * @param version version of the promotion that asks
 * @param promotion that promotion
 * @param settle how the version was asked for, to make sure that there is only one; null where that
 *     is done later
 */
public record LiveQuery(
    ModelQuery champion,
    @Nullable JobQuery job,
    VersionQuery version,
    String promotion,
    @Nullable VersionOrder settle) {}
