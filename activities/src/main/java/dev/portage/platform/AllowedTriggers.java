package dev.portage.platform;

import dev.portage.trigger.TriggerActivities;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;

/** Says which triggers the platform file allows, as it is now: so that a resume sees a change. */
public final class AllowedTriggers implements TriggerActivities {
  private final WorkspaceLogins logins;
  private final TriggerActivities triggers;

  /** Triggers of the workspaces of a platform file, found by these activities. */
  public AllowedTriggers(WorkspaceLogins logins, TriggerActivities triggers) {
    this.logins = logins;
    this.triggers = triggers;
  }

  @Override
  public Triggers findTriggers(TriggerQuery query) {
    return triggers
        .findTriggers(query)
        .allowing(logins.workspace(query.workspace()).allowTriggers());
  }
}
