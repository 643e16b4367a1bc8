package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import dev.portage.live.SettingsRef;
import org.jspecify.annotations.Nullable;

/**
 * Order to put a scoring job into a recorded state, whatever it is now.
 *
 * @param workspace where it lives
 * @param name its name
 * @param model registered model that its tag names
 * @param jobId its id when it was recorded; null where there was no job
 * @param hash hash of its settings then, null likewise
 * @param settings artifact with its full settings; null where there was no job, or they were not
 *     stored
 * @param holder id of the workflow that orders it
 * @param grant the turn in hand
 */
public record JobRestoreOrder(
    String workspace,
    String name,
    String model,
    @Nullable Long jobId,
    @Nullable String hash,
    @Nullable SettingsRef settings,
    String holder,
    @Nullable Grant grant)
    implements UnderTurn {}
