package dev.portage.approval;

import java.time.Instant;
import java.util.List;

/**
 * Who else may decide about a request that stays open: from half of its time on, a person of any of
 * these groups counts for any group that is still missing.
 *
 * @param groups the groups
 * @param from from when
 */
public record Escalation(List<String> groups, Instant from) {

  public Escalation {
    groups = List.copyOf(groups);
  }

  /** Whether it is so far. */
  public boolean hasBegun(Instant now) {
    return !now.isBefore(from);
  }
}
