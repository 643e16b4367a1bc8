package dev.portage.clearance;

import dev.portage.freeze.Freeze;
import dev.portage.quarantine.Quarantined;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a candidate and going live.
 *
 * @param quarantined why the candidate is refused, null if it isn't
 * @param freezes freezes of the workspace, and of that model in it, that are in force or to come
 */
public record Clearance(@Nullable Quarantined quarantined, List<Freeze> freezes) {

  public Clearance {
    freezes = List.copyOf(freezes);
  }

  /** The freezes in force at that time, the one that ends last first. */
  public List<Freeze> freezesAt(Instant now) {
    return freezes.stream()
        .filter(freeze -> freeze.holdsAt(now))
        .sorted(Comparator.comparing(Freeze::until).reversed())
        .toList();
  }
}
