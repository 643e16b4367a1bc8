package dev.portage.promotion;

import dev.portage.lane.Grant;
import dev.portage.lane.GrantActivities;
import dev.portage.lane.TurnRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Grant numbers, in memory. */
final class FakeGrants implements GrantActivities {

  private final Map<String, Grant> newest = new ConcurrentHashMap<>();
  private final FakeWorld world;

  FakeGrants(FakeWorld world) {
    this.world = world;
  }

  /** Someone is granted the turn without the lane. */
  Grant grantAnother(TurnRequest request) {
    return Objects.requireNonNull(
        newest.merge(
            request.laneId(), new Grant(request, 1L), (before, one) -> after(before, request)));
  }

  private static Grant after(Grant before, TurnRequest request) {
    return before.request().equals(request) ? before : new Grant(request, before.number() + 1);
  }

  @Override
  public Optional<Grant> newestGrant(TurnRequest request) {
    return Optional.ofNullable(newest.get(request.laneId()));
  }

  @Override
  public Grant nextGrant(TurnRequest request) {
    world.effect("nextGrant", "number the turn of " + request.holder());
    return grantAnother(request);
  }
}
