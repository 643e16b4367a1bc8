package dev.portage.promotion;

import dev.portage.clearance.Clearance;
import dev.portage.clearance.ClearanceActivities;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.UnfreezeOrder;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Refused candidates and freezes, in memory. */
final class FakeClearance implements ClearanceActivities, QuarantineActivities, FreezeActivities {

  /** What was put in quarantine, lifted or not. */
  final List<Quarantined> orders = new CopyOnWriteArrayList<>();

  final List<Quarantined> refused = new CopyOnWriteArrayList<>();
  final List<Freeze> frozen = new CopyOnWriteArrayList<>();

  private final FakeWorld world;

  FakeClearance(FakeWorld world) {
    this.world = world;
  }

  @Override
  public Clearance clearance(QuarantineQuery candidate) {
    return new Clearance(
        candidate.digest() == null && candidate.commit() == null
            ? null
            : quarantined(candidate).orElse(null),
        freezes(candidate.workspace()));
  }

  @Override
  public Quarantined quarantine(Quarantined entry) {
    world.effect("quarantine", "quarantine version " + entry.version());
    orders.add(entry);
    refused.add(entry);
    return entry;
  }

  @Override
  public Optional<Quarantined> quarantined(QuarantineQuery query) {
    return quarantines(query).stream().filter(Quarantined::inForce).findFirst();
  }

  @Override
  public List<Quarantined> quarantines(QuarantineQuery query) {
    return refused.stream()
        .filter(entry -> entry.workspace().equals(query.workspace()))
        .filter(query::matches)
        .toList();
  }

  @Override
  public List<Quarantined> lift(LiftOrder order) {
    List<Quarantined> lifted = refused.stream().filter(order::names).toList();
    refused.removeAll(lifted);
    return lifted;
  }

  @Override
  public Freeze freeze(FreezeOrder order) {
    Freeze freeze =
        new Freeze(
            order.id(),
            order.workspace(),
            order.at(),
            order.until(),
            order.by(),
            order.reason(),
            order.at(),
            null);
    frozen.add(freeze);
    return freeze;
  }

  @Override
  public List<Freeze> unfreeze(UnfreezeOrder order) {
    List<Freeze> ended = freezes(order.workspace());
    frozen.removeAll(ended);
    return ended;
  }

  @Override
  public List<Freeze> freezes(String workspace) {
    return frozen.stream().filter(freeze -> freeze.workspace().equals(workspace)).toList();
  }

  @Override
  public List<Freeze> allFreezes(String workspace) {
    return freezes(workspace);
  }
}
