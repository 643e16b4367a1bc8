package dev.portage.order;

import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.Quarantined;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of the candidates in quarantine someone means by a version, or by the beginning of a digest
 * or commit.
 *
 * @param candidate as it was written
 * @param all all entries of the model, lifted ones included
 * @param named those in force that it names
 */
record Naming(String candidate, List<Quarantined> all, List<Quarantined> named) {

  private static final int LISTED = 10;

  Naming {
    all = List.copyOf(all);
    named = List.copyOf(named);
  }

  /** What a text names among these. */
  static Naming of(String candidate, List<Quarantined> all) {
    return new Naming(
        candidate,
        all,
        all.stream()
            .filter(Quarantined::inForce)
            .filter(entry -> LiftOrder.names(candidate, entry))
            .toList());
  }

  /** Whether it names more than one candidate. */
  boolean isAmbiguous() {
    return named.stream().anyMatch(entry -> !isSame(entry, named.getFirst()));
  }

  /** One candidate may have been refused several times, and in several workspaces. */
  private boolean isSame(Quarantined one, Quarantined other) {
    boolean byDigest =
        LiftOrder.isDigestOf(candidate, one) || LiftOrder.isDigestOf(candidate, other);
    return one.digest().equals(other.digest())
        || (!byDigest && one.commit() != null && one.commit().equals(other.commit()));
  }

  /** Full ids by which a workspace knows it; empty if it is not refused there. */
  Set<String> idsIn(String workspace) {
    return named.stream()
        .filter(entry -> entry.workspace().equals(workspace))
        .map(entry -> LiftOrder.identified(candidate, entry))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Why it names not exactly one. */
  String says(String model) {
    if (isAmbiguous()) {
      return "\"" + candidate + "\" fits several: " + listed(named);
    }
    Optional<Quarantined> before = liftedBefore();
    if (before.isPresent()) {
      return "it was lifted before: " + endOf(before.get());
    }
    List<Quarantined> refused = refused();
    return refused.isEmpty()
        ? "no candidate of " + model + " is in quarantine there"
        : "no such candidate is in quarantine there; these are: " + listed(refused);
  }

  /** What to do where it names not exactly one. */
  String remedy(String model) {
    if (isAmbiguous()) {
      return "Nothing was changed. Name one of them by more digits of its commit or digest; or its"
          + " workspace: --workspace NAME";
    }
    if (liftedBefore().isPresent()) {
      return "Nothing to do: a new promotion may make it live. See: portage history " + model;
    }
    return refused().isEmpty()
        ? "Nothing to do: none of them is refused. See: portage history " + model
        : "Nothing was changed. Name one by its version, or by the first "
            + LiftOrder.FEWEST
            + " or more digits of its commit or digest.";
  }

  /** The one that it named, whose end came last; empty if none was lifted. */
  private Optional<Quarantined> liftedBefore() {
    return all.stream()
        .filter(entry -> LiftOrder.names(candidate, entry))
        .filter(entry -> entry.lifted() != null)
        .max(Comparator.comparing(Naming::end));
  }

  private List<Quarantined> refused() {
    return all.stream().filter(Quarantined::inForce).toList();
  }

  private static String listed(List<Quarantined> entries) {
    return Bounded.listed(
        entries.stream().map(Naming::described).distinct().toList(), ", ", LISTED);
  }

  private static String described(Quarantined entry) {
    return entry.candidate()
        + " ("
        + (entry.version() == null ? "" : "version " + entry.version() + ", ")
        + (entry.commit() == null ? "" : "digest " + entry.shortDigest() + ", ")
        + entry.why().words()
        + " in "
        + entry.workspace()
        + ")";
  }

  private static Instant end(Quarantined entry) {
    Quarantined.Lifted lifted = entry.lifted();
    return lifted == null ? Instant.MIN : lifted.at();
  }

  private static String endOf(Quarantined entry) {
    Quarantined.Lifted lifted = entry.lifted();
    return lifted == null
        ? ""
        : "in "
            + entry.workspace()
            + " by "
            + lifted.by()
            + " at "
            + lifted.at()
            + ": "
            + lifted.reason();
  }
}
