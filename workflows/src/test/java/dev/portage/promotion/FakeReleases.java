package dev.portage.promotion;

import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.history.ReleaseAt;
import dev.portage.history.ReleaseAtQuery;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.registry.ModelQuery;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.release.ReleaseOrder;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackActivities;
import dev.portage.rollback.WayBackQuery;
import java.util.List;
import java.util.Optional;

/** Records of releases, and the logs that they are in. */
final class FakeReleases implements ReleaseActivities, HistoryActivities, WayBackActivities {

  private final FakeWorld world;

  FakeReleases(FakeWorld world) {
    this.world = world;
  }

  @Override
  public String record(ReleaseOrder order) {
    HistoryEvent event = order.event();
    if (event != null) {
      appendEvent(event.toBuilder().release(order.release()).build());
    }
    world.effect("record", "release " + order.release().version());
    world.records.put(order.runId(), order.release());
    return "mlflow-artifacts:/9/run-9/artifacts/portage/release.json";
  }

  @Override
  public Optional<Release> recorded(RecordQuery query) {
    return Optional.ofNullable(world.records.get(query.runId()));
  }

  @Override
  public Optional<Release> liveRelease(ModelQuery query) {
    return world
        .registry
        .champion(query)
        .flatMap(champion ->
            world.records.values().stream()
                .filter(release -> release.version().equals(champion.version().version()))
                .findFirst());
  }

  @Override
  public synchronized HistoryEvent appendEvent(HistoryEvent event) {
    world.fail("appendEvent");
    Optional<HistoryEvent> known =
        world.log.stream().filter(other -> other.id().equals(event.id())).findFirst();
    if (known.isEmpty()) {
      world.log.add(event);
    }
    return known.orElse(event);
  }

  @Override
  public HistoryPage readHistory(HistoryQuery query) {
    world.fail("readHistory");
    List<HistoryEvent> events =
        logOf(query.workspace(), query.model()).stream()
            .filter(event -> query.includes(event.at()))
            .toList();
    return new HistoryPage(
        events.subList(0, Math.min(query.limit(), events.size())),
        events.size() > query.limit(),
        List.of());
  }

  @Override
  public ReleaseAt releaseAt(ReleaseAtQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WayBack wayBack(WayBackQuery query) {
    world.fail("wayBack");
    WayBack found =
        WayBack.of(logOf(query.workspace(), query.model()), false, query, world.unreadable)
            .quarantined(
                world.clearance.quarantines(QuarantineQuery.all(query.workspace(), query.model())));
    return world.unregistered.contains(query.model()) ? found.unregistered() : found;
  }

  private List<HistoryEvent> logOf(String workspace, String model) {
    return world.log.stream()
        .filter(event -> event.workspace().equals(workspace))
        .filter(event -> model.equals(event.model()))
        .sorted(HistoryEvent.NEWEST_FIRST)
        .toList();
  }
}
