package dev.portage.eventlog;

import dev.portage.eventlog.WorkspaceRecords.Stored;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.mlflow.MlflowServers;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refused candidates as records of the workspace. */
public final class WorkspaceQuarantine implements QuarantineActivities {

  private static final int LISTED = 10;

  private final WorkspaceRecords<Quarantined> records;

  /** Those of the workspaces on these servers. */
  public WorkspaceQuarantine(MlflowServers servers) {
    this.records = new WorkspaceRecords<>(servers, Quarantined.class);
  }

  @Override
  public Quarantined quarantine(Quarantined entry) {
    Optional<Quarantined> already =
        stored(entry.workspace(), entry.model()).stream()
            .map(Stored::value)
            .filter(entry::isSaidBy)
            .findFirst();
    if (already.isPresent()) {
      return already.get();
    }
    return records.add(
        entry.workspace(),
        about(entry.workspace(), entry.model()),
        entry.source() + " " + entry.digest(),
        entry.candidate() + " of " + entry.model() + " " + entry.why().words(),
        entry);
  }

  @Override
  public Optional<Quarantined> quarantined(QuarantineQuery query) {
    return quarantines(query).stream().filter(Quarantined::inForce).findFirst();
  }

  @Override
  public List<Quarantined> quarantines(QuarantineQuery query) {
    // Of two with one id, the lifted one counts: both are lifted, and one of them may be late.
    Map<String, Quarantined> byId = new LinkedHashMap<>();
    stored(query.workspace(), query.model()).stream()
        .filter(stored -> query.matches(stored.value()))
        .forEach(stored ->
            byId.merge(stored.id(), stored.value(), (one, other) -> one.inForce() ? other : one));
    return byId.values().stream().sorted(Comparator.comparing(Quarantined::at).reversed()).toList();
  }

  @Override
  public List<Quarantined> lift(LiftOrder order) {
    List<Stored<Quarantined>> all = stored(order.workspace(), order.model());
    List<Stored<Quarantined>> named =
        all.stream().filter(stored -> order.names(stored.value())).toList();
    Quarantined.Lifted end = new Quarantined.Lifted(order.by(), order.reason(), order.at());
    // What an attempt before this one lifted counts as well.
    List<Stored<Quarantined>> refused =
        named.stream()
            .filter(stored -> stored.value().inForce() || end.equals(stored.value().lifted()))
            .toList();
    if (refused.isEmpty()) {
      throw notRefused(order, named, all);
    }
    List<String> meant =
        refused.stream().map(stored -> order.identified(stored.value())).distinct().toList();
    if (meant.size() > 1) {
      throw failure(
          order,
          "\"" + order.candidate() + "\" fits " + String.join(" and ", meant),
          "Name one of them by more digits.");
    }
    refused.stream()
        .filter(stored -> stored.value().inForce())
        .forEach(stored ->
            records.replace(order.workspace(), stored.run(), stored.value().liftedBy(end)));
    return refused.stream().map(stored -> stored.value().liftedBy(end)).distinct().toList();
  }

  private List<Stored<Quarantined>> stored(String workspace, String model) {
    return records.all(workspace, about(workspace, model));
  }

  private static String about(String workspace, String model) {
    return "quarantine/" + workspace + "/" + model;
  }

  private static ApplicationFailure notRefused(
      LiftOrder order, List<Stored<Quarantined>> named, List<Stored<Quarantined>> all) {
    Optional<Quarantined.Lifted> before =
        named.stream()
            .flatMap(stored -> Optional.ofNullable(stored.value().lifted()).stream())
            .max(Comparator.comparing(Quarantined.Lifted::at));
    if (before.isPresent()) {
      return failure(
          order,
          "it was lifted by "
              + before.get().by()
              + " at "
              + before.get().at()
              + ": "
              + before.get().reason(),
          "Nothing to do: it may be promoted.");
    }
    List<String> others =
        all.stream()
            .map(Stored::value)
            .filter(Quarantined::inForce)
            .map(Quarantined::candidate)
            .distinct()
            .collect(Collectors.toList());
    return failure(
        order,
        others.isEmpty()
            ? "no candidate of " + order.model() + " is in quarantine there"
            : "no such candidate is in quarantine there; these are: "
                + Bounded.listed(others, ", ", LISTED),
        others.isEmpty()
            ? "Nothing to do: any of them may be promoted."
            : "Name one of them, by the first "
                + LiftOrder.FEWEST
                + " or more digits of its commit or digest, or by its version.");
  }

  private static ApplicationFailure failure(LiftOrder order, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "lift candidate \"" + order.candidate() + "\" of " + order.model(),
            "workspace " + order.workspace(),
            cameBack,
            remedy));
  }
}
