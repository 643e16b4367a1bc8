package dev.portage.quarantine;

import java.time.Instant;
import java.util.Locale;

/**
 * Order to lift a candidate.
 *
 * @param workspace where it is refused
 * @param model full name of the registered model there
 * @param candidate the beginning of its commit or digest, at least {@value #FEWEST} digits; or its
 *     version in that workspace, with or without a {@code v} before it
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
    return names(candidate, entry);
  }

  /** Whether a text names an entry: as its version, or by the beginning of its digest or commit. */
  public static boolean names(String candidate, Quarantined entry) {
    String version = entry.version();
    String commit = entry.commit();
    return (version != null && version.equals(candidate.replaceFirst("^[vV](?=[0-9])", "")))
        || isDigestOf(candidate, entry)
        || (commit != null && isBeginning(candidate, commit));
  }

  /** Whether a text is the beginning of an entry's digest. */
  public static boolean isDigestOf(String candidate, Quarantined entry) {
    return isBeginning(candidate, entry.digest());
  }

  /** The full id by which it names an entry: its commit, else its digest. */
  public String identified(Quarantined entry) {
    return identified(candidate, entry);
  }

  /** The full id by which a text names an entry: its commit, else its digest. */
  public static String identified(String candidate, Quarantined entry) {
    String commit = entry.commit();
    return commit == null || isDigestOf(candidate, entry) ? entry.digest() : commit;
  }

  private static boolean isBeginning(String candidate, String id) {
    return candidate.length() >= FEWEST && id.startsWith(candidate.toLowerCase(Locale.ROOT));
  }
}
