package dev.portage.release;

import dev.portage.failure.Failures;
import dev.portage.registry.RegistryActivities;
import io.temporal.failure.TemporalFailure;
import java.util.List;

/** Follows up in one workspace, by the activities that it has. */
public final class FollowingUp implements FollowUpActivities {

  private final RegistryActivities registry;
  private final ReleaseActivities releases;

  /** Writes labels and records by these. */
  public FollowingUp(RegistryActivities registry, ReleaseActivities releases) {
    this.registry = registry;
    this.releases = releases;
  }

  @Override
  public List<FollowedUp> followUp(List<FollowUp> orders) {
    return orders.stream().map(this::tried).toList();
  }

  private FollowedUp tried(FollowUp order) {
    try {
      return new FollowedUp(done(order), null);
    } catch (TemporalFailure failure) {
      return new FollowedUp(
          null, Failures.problemOf(failure, order.what(), "workspace " + order.live().workspace()));
    }
  }

  private String done(FollowUp order) {
    if (order.labels() != null) {
      return new Labelling(this::isLive, registry).write(order.labels(), order.live());
    }
    if (order.record() != null) {
      return "recorded at " + releases.record(order.record());
    }
    throw new IllegalArgumentException("can't be done within one workspace: " + order.what());
  }

  /** One call, not the several that read everything about a champion. */
  private boolean isLive(LiveVersion live) {
    return live.isLive(registry.version(live.versionQuery()));
  }
}
