package dev.portage.quarantine;

import java.time.Instant;

/**
 * Order to lift a candidate.
 *
 * @param workspace where it is refused
 * @param model full name of the registered model there
 * @param candidate the beginning of its commit or digest, at least {@value #FEWEST} digits; or
 *     {@code v<version>}, its version in that workspace
 * @param by who lifts it
 * @param reason why
 * @param at when
 */
public record LiftOrder(
    String workspace, String model, String candidate, String by, String reason, Instant at) {

  /** Digits that a beginning has at least. */
  public static final int FEWEST = 7;

  /** Whether it names this entry. */
  public boolean names(Quarantined entry) {
    return candidate.equals("v" + entry.version())
        || (candidate.length() >= FEWEST
            && (entry.digest().startsWith(candidate)
                || (entry.commit() != null && entry.commit().startsWith(candidate))));
  }

  /** The full id by which it names an entry: its commit, else its digest. */
  public String identified(Quarantined entry) {
    String commit = entry.commit();
    return commit != null && !entry.digest().startsWith(candidate) ? commit : entry.digest();
  }
}
