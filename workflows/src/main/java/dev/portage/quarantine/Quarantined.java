package dev.portage.quarantine;

import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A candidate that is refused in a workspace, or was until someone lifted it. Read for years:
 * fields are only ever added.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param digest digest of its manifest
 * @param commit full id of its commit, null when unknown
 * @param version its version in that workspace, null if it was never registered there
 * @param why what happened to it
 * @param source workflow id of the promotion or rollback that put it there
 * @param by who rejected it or ordered the rollback
 * @param reason that person's words, null for none
 * @param at when
 * @param lifted who lifted it, null while it is refused
 */
public record Quarantined(
    String workspace,
    String model,
    String digest,
    @Nullable String commit,
    @Nullable String version,
    Why why,
    String source,
    String by,
    @Nullable String reason,
    Instant at,
    @Nullable Lifted lifted) {

  /** Digits of a digest or commit that are shown, and that name a candidate. */
  public static final int SHOWN = 12;

  public Quarantined {
    by = Bounded.line(by, Bounded.PERSON);
    reason = reason == null ? null : Bounded.line(reason, Bounded.LINE);
  }

  /** What happened to a candidate. */
  public enum Why {
    REJECTED,
    ROLLED_BACK;

    /** In words, such as "rolled back". */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * The end of a quarantine.
   *
   * @param by who lifted it
   * @param reason why
   * @param at when
   */
  public record Lifted(String by, String reason, Instant at) {
    public Lifted {
      by = Bounded.line(by, Bounded.PERSON);
      reason = Bounded.line(reason, Bounded.LINE);
    }
  }

  /** An order as it is recorded. */
  public static Quarantined of(QuarantineOrder order) {
    return new Quarantined(
        order.workspace(),
        order.model(),
        order.digest(),
        order.commit(),
        order.version(),
        order.why(),
        order.source(),
        order.by(),
        order.reason(),
        order.at(),
        null);
  }

  /** The same, lifted. */
  public Quarantined liftedBy(Lifted end) {
    return new Quarantined(
        workspace, model, digest, commit, version, why, source, by, reason, at, end);
  }

  /** Whether it is refused. */
  public boolean inForce() {
    return lifted == null;
  }

  /** How people name it: the beginning of its commit or, without one, of its digest. */
  public String candidate() {
    return shorten(commit == null ? digest : commit);
  }

  /** One line: "1a2b3c… was rolled back in prod by ana@example.com on …: predicts nothing". */
  public String text() {
    return candidate()
        + " was "
        + why.words()
        + " in "
        + workspace
        + " by "
        + by
        + " at "
        + at
        + (reason == null ? "" : ": " + reason);
  }

  private static String shorten(String id) {
    return id.substring(0, Math.min(SHOWN, id.length()));
  }

  /** Beginning of its digest, as it is shown. */
  public String shortDigest() {
    return shorten(digest);
  }
}
