package dev.portage.quarantine;

import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
 * @param origin its version where it was registered first, such as "version 7 of churn in dev";
 *     null when unknown, and from a writer that did not say
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
    @Nullable Lifted lifted,
    @Nullable String origin) {

  /** Digits of a digest or commit that are shown, and that name a candidate. */
  public static final int SHOWN = 12;

  public Quarantined {
    by = Bounded.line(by, Bounded.PERSON);
    reason = reason == null ? null : Bounded.line(reason, Bounded.LINE);
    origin = origin == null ? null : Bounded.line(origin, Bounded.LINE);
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

  /**
   * One to be filled in, in force; what is not named is null.
   *
   * @param workspace where it is refused
   * @param model full name of the registered model there
   * @param digest digest of the candidate's manifest
   * @param why what happened to it
   * @param source workflow id of the promotion or rollback that puts it there
   * @param by who rejected it or ordered the rollback
   * @param at when
   */
  public static Builder of(
      String workspace,
      String model,
      String digest,
      Why why,
      String source,
      String by,
      Instant at) {
    return new Builder(workspace, model, digest, why, source, by, at);
  }

  /** The same, lifted. */
  public Quarantined liftedBy(Lifted end) {
    Builder builder =
        of(workspace, model, digest, why, source, by, at)
            .commit(commit)
            .version(version)
            .reason(reason)
            .origin(origin);
    builder.lifted = end;
    return builder.build();
  }

  /** Whether it is refused. */
  public boolean inForce() {
    return lifted == null;
  }

  /**
   * Whether another entry in force refuses the same version for the same reason, so that this one
   * would say nothing new: a rollback that was cut off is finished by the next one.
   */
  public boolean isSaidBy(Quarantined other) {
    return other.inForce()
        && !other.source.equals(source)
        && other.why == why
        && other.digest.equals(digest)
        && Objects.equals(other.commit, commit)
        && Objects.equals(other.version, version);
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

  /**
   * All that it is known by: "version 4, commit 1a2b…, digest 3c4d…, version 7 of churn in dev".
   */
  public String subject() {
    List<String> known = new ArrayList<>();
    if (version != null) {
      known.add("version " + version);
    }
    if (commit != null) {
      known.add("commit " + candidate());
    }
    known.add("digest " + shortDigest());
    if (origin != null) {
      known.add(origin);
    }
    return String.join(", ", known);
  }

  /** What someone types to let it be promoted again. */
  public String lift() {
    return "portage lift " + model + " " + candidate() + " --reason TEXT";
  }

  private static String shorten(String id) {
    return id.substring(0, Math.min(SHOWN, id.length()));
  }

  /** Beginning of its digest, as it is shown. */
  public String shortDigest() {
    return shorten(digest);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String workspace;
    private final String model;
    private final String digest;
    private @Nullable String commit;
    private @Nullable String version;
    private final Why why;
    private final String source;
    private final String by;
    private @Nullable String reason;
    private final Instant at;
    private @Nullable Lifted lifted;
    private @Nullable String origin;

    private Builder(
        String workspace,
        String model,
        String digest,
        Why why,
        String source,
        String by,
        Instant at) {
      this.workspace = workspace;
      this.model = model;
      this.digest = digest;
      this.why = why;
      this.source = source;
      this.by = by;
      this.at = at;
    }

    /** Full id of its commit, null when unknown. */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** Its version in that workspace, null if it was never registered there. */
    public Builder version(@Nullable String version) {
      this.version = version;
      return this;
    }

    /** Why, in that person's words; null for none. */
    public Builder reason(@Nullable String reason) {
      this.reason = reason;
      return this;
    }

    /** Its version where it was registered first, such as "version 7 of churn in dev". */
    public Builder origin(@Nullable String origin) {
      this.origin = origin;
      return this;
    }

    /** What was filled in. */
    public Quarantined build() {
      return new Quarantined(
          workspace, model, digest, commit, version, why, source, by, reason, at, lifted, origin);
    }
  }
}
