package dev.portage.sandbox.failures;

import java.util.Optional;

/**
 * One fault at one point.
 *
 * @param point where
 * @param fault what
 */
public record Cell(Point point, Fault fault) {

  /** Its name, such as "promotion, prod/copy: token expires". */
  public String name() {
    return point.operation() + ", " + point.name() + ": " + fault.title();
  }

  /** Whether it strikes whatever else happens at the moment, and so is played alone. */
  public boolean strikesOthers() {
    return fault.isKill() || point.kind() == Point.Kind.TROUBLE_OF_ALL;
  }

  /**
   * Whether a person may have to do something about it: a login is renewed by people, and an error
   * that a version answers is a fault of the version.
   */
  public boolean mayNeedPeople() {
    return fault == Fault.TOKEN_EXPIRES
        || (fault == Fault.ERRORS && point.name().equals(ServingUnderFaults.PROBE));
  }

  /** Why there is no such thing; empty if there is. */
  public Optional<String> whyNot() {
    if (point.kind() == Point.Kind.NOTHING) {
      return Optional.of("has no effect: a tiny team has no such thing");
    }
    return switch (fault) {
      case LATE_DUPLICATE ->
          point.kind() == Point.Kind.CREATES ? Optional.empty() : Optional.of("creates nothing");
      case KILLED_BEFORE ->
          point.kind() == Point.Kind.READS ? Optional.of("has no effect") : Optional.empty();
      case LANE_TERMINATED -> point.turn() ? Optional.empty() : Optional.of("no turn is held");
      default -> Optional.empty();
    };
  }
}
