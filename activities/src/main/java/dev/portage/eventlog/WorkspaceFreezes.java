package dev.portage.eventlog;

import dev.portage.eventlog.WorkspaceRecords.Stored;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeActivities;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.HoldOrder;
import dev.portage.freeze.UnfreezeOrder;
import dev.portage.mlflow.MlflowServers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Freezes as records of the workspace, beside those of the platform file. */
public final class WorkspaceFreezes implements FreezeActivities {

  private final WorkspaceRecords<Freeze> records;
  private final Function<String, List<Freeze>> planned;
  private final Supplier<Instant> clock;

  /**
   * Those of the workspaces on these servers.
   *
   * @param planned gives the freezes of a workspace in the platform file, read anew each time
   */
  public WorkspaceFreezes(MlflowServers servers, Function<String, List<Freeze>> planned) {
    this(servers, planned, Instant::now);
  }

  WorkspaceFreezes(
      MlflowServers servers, Function<String, List<Freeze>> planned, Supplier<Instant> clock) {
    this.records = new WorkspaceRecords<>(servers, Freeze.class);
    this.planned = planned;
    this.clock = clock;
  }

  @Override
  public Freeze freeze(FreezeOrder order) {
    return records.add(
        order.workspace(),
        about(order.workspace()),
        order.id(),
        order.workspace() + " frozen until " + order.until(),
        new Freeze(
            order.id(),
            order.workspace(),
            order.at(),
            order.until(),
            order.by(),
            order.reason(),
            order.at(),
            null));
  }

  @Override
  public Freeze hold(HoldOrder order) {
    return records.add(
        order.workspace(),
        about(order.workspace()),
        order.id(),
        "promotions of " + order.model() + " held",
        Freeze.held(order));
  }

  @Override
  public List<Freeze> unfreeze(UnfreezeOrder order) {
    Freeze.Lifted end = new Freeze.Lifted(order.by(), order.reason(), order.at());
    Map<String, Freeze> ended = new LinkedHashMap<>();
    for (Stored<Freeze> stored : records.all(order.workspace(), about(order.workspace()))) {
      if (!order.isAbout(stored.value())) {
        continue;
      }
      Freeze.Lifted before = stored.value().lifted();
      if (before != null && before.equals(end)) {
        // An attempt before this one did it.
        ended.put(stored.id(), stored.value());
      } else if (!stored.value().isOverAt(order.at())) {
        Freeze lifted = stored.value().liftedBy(end);
        records.replace(order.workspace(), stored.run(), lifted);
        ended.put(stored.id(), lifted);
      }
    }
    List<Freeze> file =
        planned.apply(order.workspace()).stream()
            .filter(order::isAbout)
            .filter(freeze -> freeze.holdsAt(order.at()))
            .toList();
    if (ended.isEmpty() && !file.isEmpty()) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "unfreeze " + order.workspace(),
              file.getFirst().by(),
              file.getFirst().text(),
              file.getFirst().remedy()
                  + " Or let a single promotion through: portage resume ID --break-glass --reason"
                  + " TEXT"));
    }
    return List.copyOf(ended.values());
  }

  @Override
  public List<Freeze> freezes(String workspace) {
    Instant now = clock.get();
    return all(workspace).stream()
        .filter(freeze -> !freeze.isOverAt(now))
        .sorted(Comparator.comparing(Freeze::until))
        .toList();
  }

  @Override
  public List<Freeze> allFreezes(String workspace) {
    return all(workspace).stream().sorted(Comparator.comparing(Freeze::from).reversed()).toList();
  }

  private List<Freeze> all(String workspace) {
    Map<String, Freeze> byId = new LinkedHashMap<>();
    // Of two with one id, the lifted one counts: both are lifted, and one of them may be late.
    records
        .all(workspace, about(workspace))
        .forEach(stored ->
            byId.merge(
                stored.id(), stored.value(), (one, other) -> one.lifted() == null ? other : one));
    List<Freeze> all = new ArrayList<>(byId.values());
    all.addAll(planned.apply(workspace));
    return all;
  }

  private static String about(String workspace) {
    return "freeze/" + workspace;
  }
}
