package dev.portage.clearance;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.HoldOrder;
import dev.portage.freeze.UnfreezeOrder;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Freezes and refused candidates of workspaces, in memory. */
public final class ClearanceRecords
    implements ClearanceActivities, QuarantineActivities, FreezeActivities {

  /** Freezes that were ordered, ended ones included. */
  public final List<Freeze> freezes = new CopyOnWriteArrayList<>();

  /** Freezes of the platform file. */
  public final List<Freeze> planned = new CopyOnWriteArrayList<>();

  /** Refused candidates, lifted ones included. */
  public final List<Quarantined> entries = new CopyOnWriteArrayList<>();

  private final Consumer<String> calls;

  /** Some that nobody watches. */
  public ClearanceRecords() {
    this(call -> {});
  }

  /**
   * Some that are watched.
   *
   * @param calls told of each call before it is answered, and of a lift once it is done; may fail
   *     it
   */
  public ClearanceRecords(Consumer<String> calls) {
    this.calls = calls;
  }

  @Override
  public Clearance clearance(QuarantineQuery candidate) {
    calls.accept("clearance of " + candidate.workspace());
    return new Clearance(
        candidate.digest() == null && candidate.commit() == null
            ? null
            : quarantined(candidate).orElse(null),
        freezes(candidate.workspace()).stream()
            .filter(freeze -> freeze.concerns(candidate.model()))
            .toList());
  }

  @Override
  public Quarantined quarantine(Quarantined entry) {
    calls.accept("quarantine version " + entry.version());
    Optional<Quarantined> already = entries.stream().filter(entry::isSaidBy).findFirst();
    if (already.isEmpty()) {
      entries.add(entry);
    }
    return already.orElse(entry);
  }

  @Override
  public Optional<Quarantined> quarantined(QuarantineQuery query) {
    return quarantines(query).stream().filter(Quarantined::inForce).findFirst();
  }

  @Override
  public List<Quarantined> quarantines(QuarantineQuery query) {
    return entries.stream()
        .filter(entry ->
            entry.workspace().equals(query.workspace()) && entry.model().equals(query.model()))
        .filter(query::matches)
        .toList();
  }

  @Override
  public List<Quarantined> lift(LiftOrder order) {
    calls.accept("lift " + order.candidate());
    List<Quarantined> lifted = new ArrayList<>();
    entries.replaceAll(entry -> {
      if (!entry.workspace().equals(order.workspace()) || !order.names(entry) || !entry.inForce()) {
        return entry;
      }
      Quarantined end =
          entry.liftedBy(new Quarantined.Lifted(order.by(), order.reason(), order.at()));
      lifted.add(end);
      return end;
    });
    calls.accept("lifted " + order.candidate());
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
    freezes.add(freeze);
    return freeze;
  }

  @Override
  public Freeze hold(HoldOrder order) {
    calls.accept("hold " + order.model());
    Freeze known =
        freezes.stream().filter(one -> one.id().equals(order.id())).findFirst().orElse(null);
    if (known != null) {
      return known;
    }
    Freeze freeze = Freeze.held(order);
    freezes.add(freeze);
    return freeze;
  }

  @Override
  public List<Freeze> unfreeze(UnfreezeOrder order) {
    List<Freeze> ended = new ArrayList<>();
    freezes.replaceAll(freeze -> {
      if (!order.isAbout(freeze) || freeze.isOverAt(order.at())) {
        return freeze;
      }
      Freeze lifted = freeze.liftedBy(new Freeze.Lifted(order.by(), order.reason(), order.at()));
      ended.add(lifted);
      return lifted;
    });
    Optional<Freeze> left = planned.stream().filter(order::isAbout).findFirst();
    if (ended.isEmpty() && left.isPresent()) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "unfreeze " + order.workspace(),
              left.get().by(),
              left.get().text(),
              left.get().remedy()));
    }
    return ended;
  }

  @Override
  public List<Freeze> freezes(String workspace) {
    return Stream.concat(
            of(planned, workspace),
            of(freezes, workspace).filter(freeze -> freeze.lifted() == null))
        .toList();
  }

  @Override
  public List<Freeze> allFreezes(String workspace) {
    return of(freezes, workspace).toList();
  }

  private static Stream<Freeze> of(List<Freeze> all, String workspace) {
    return all.stream().filter(freeze -> freeze.workspace().equals(workspace));
  }
}
