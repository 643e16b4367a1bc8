package dev.portage.adopt;

import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.tracking.TrainedRun;
import org.jspecify.annotations.Nullable;

/**
 * What an adoption found.
 *
 * @param settings what the platform file says
 * @param plan what it records
 * @param version the version that is live
 * @param trained its files
 * @param marked whether it is marked as the champion already
 * @param recorded the adoption that recorded all of it before, in a line; null if none did
 * @param completes the release that made it live, and that recorded not all that is named now; null
 *     if there is none
 */
record Findings(
    AdoptSettings settings,
    AdoptPlan plan,
    ModelVersion version,
    TrainedRun trained,
    Boolean marked,
    @Nullable String recorded,
    @Nullable Release completes) {}
