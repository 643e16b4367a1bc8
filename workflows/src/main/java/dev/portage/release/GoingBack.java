package dev.portage.release;

import dev.portage.history.HistoryEvent;
import dev.portage.quarantine.Quarantined;
import dev.portage.scoring.RemoveOrder;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a rollback, besides what follows from a release. Exactly one is set.
 *
 * @param event entry of the workspace's log, otherwise null
 * @param quarantine candidate that is refused from now on, otherwise null
 * @param remove predictions to remove, otherwise null
 */
public record GoingBack(
    @Nullable HistoryEvent event, @Nullable Quarantined quarantine, @Nullable RemoveOrder remove) {}
