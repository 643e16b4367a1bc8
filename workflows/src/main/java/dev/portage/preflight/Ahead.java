package dev.portage.preflight;

import dev.portage.job.Source;
import dev.portage.live.LiveQuery;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.RunSearch;
import dev.portage.trigger.TriggerQuery;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion depends on in a workspace, requested together with its rights. Null where not
 * requested.
 *
 * @param version version to promote; it is a failed finding if it doesn't exist
 * @param run run whose model to promote; it is a failed finding if it doesn't exist
 * @param live what is live that the plan names
 * @param released promotion that may have been released there before
 * @param source commit that jobs there are to run
 * @param triggers what the promotion does there that may start something elsewhere
 */
public record Ahead(
    @Nullable VersionQuery version,
    @Nullable RunSearch run,
    @Nullable LiveQuery live,
    @Nullable PromotionQuery released,
    @Nullable Source source,
    @Nullable TriggerQuery triggers) {}
