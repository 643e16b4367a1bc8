package dev.portage.rollback;

import dev.portage.history.HistoryEvent;
import dev.portage.live.LiveState;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a workspace says about going back: two releases at most, however long the log is.
 *
 * @param target release to go back to; null for none
 * @param live release of the version that is live; null if none made it live
 * @param leftBy the rollback that left the target's version since; null for none
 * @param lastRollback number of the last rollback that is recorded; 0 for none
 * @param released versions that were released, the newest first, in words for messages; null for
 *     none
 * @param notes entries that can't be read, a line each
 * @param cutOff a change to the live version that was not recorded, or maybe not completed; null
 *     for none
 * @param unread why it is not known whether a release is in quarantine; null if it is known, or
 *     from a writer that did not say
 * @param registered false where nothing was released and there is no registered model of that name;
 *     otherwise null, and from a worker of an earlier release
 */
public record WayBack(
    @Nullable Recorded target,
    @Nullable Recorded live,
    @Nullable Left leftBy,
    Long lastRollback,
    @Nullable String released,
    List<String> notes,
    @Nullable CutOff cutOff,
    @Nullable String unread,
    @Nullable Boolean registered) {

  public WayBack {
    notes = List.copyOf(notes);
  }

  /**
   * A release.
   *
   * @param release as it was recorded
   * @param states of each live thing: as it recorded them or, of one that recorded none, as the
   *     release that replaced it found them; null if no record has them
   * @param quarantined why its candidate is refused now, the newest reason; null if it is not, or
   *     from a writer that did not say
   */
  public record Recorded(
      Release release, @Nullable List<LiveState> states, @Nullable Quarantined quarantined) {
    public Recorded {
      states = states == null ? null : List.copyOf(states);
    }

    private Recorded with(List<Quarantined> quarantines) {
      return new Recorded(release, states, refusal(release, quarantines).orElse(null));
    }

    /**
     * Why a release's candidate is refused now, the newest reason; empty if it is not.
     *
     * @param quarantines of the model in the workspace; lifted ones change nothing
     */
    static Optional<Quarantined> refusal(Release release, List<Quarantined> quarantines) {
      QuarantineQuery candidate =
          new QuarantineQuery(
              release.workspace(), release.model(), release.digest(), release.commit());
      return quarantines.stream()
          .filter(Quarantined::inForce)
          .filter(candidate::matches)
          // Another version of the same bytes stays refused.
          .filter(entry -> entry.version() == null || entry.version().equals(release.version()))
          .max(Comparator.comparing(Quarantined::at));
    }
  }

  /**
   * A rollback that left a version.
   *
   * @param by who ordered it, null when unknown
   * @param reason why, null when nobody said
   */
  public record Left(@Nullable String by, @Nullable String reason) {}

  /**
   * A change of what is live that may not have been completed.
   *
   * @param left release of the version that was live before
   * @param rollback workflow id of the rollback that the log has of it; null if it has none
   */
  public record CutOff(Release left, @Nullable String rollback) {}

  /**
   * The way back in a log. Pure.
   *
   * @param newestFirst its entries
   * @param more whether there are older ones
   * @param notes what a reader has to know
   */
  public static WayBack of(
      List<HistoryEvent> newestFirst, boolean more, WayBackQuery query, List<String> notes) {
    ReleaseLog released = new ReleaseLog(newestFirst, query.model());
    Recorded target =
        target(released, query).map(release -> recorded(released, release)).orElse(null);
    Builder found = new Builder(released.lastRollback(query.first()), notes);
    found.target = target;
    found.live = released.of(query.live()).map(release -> recorded(released, release)).orElse(null);
    found.leftBy =
        target == null
            ? null
            : released
                .leftBy(target.release().version())
                .map(event -> new Left(event.by(), event.reason()))
                .orElse(null);
    found.released = released.isEmpty() ? null : released.listed(more);
    found.cutOff = released.cutOff(query.live()).orElse(null);
    return found.build();
  }

  /** The same, where an entry that was not read names a later rollback. */
  public WayBack after(long rollback) {
    Builder same = new Builder(this);
    same.lastRollback = Math.max(rollback, lastRollback);
    return same.build();
  }

  /**
   * The same, where it is known which candidates are refused.
   *
   * @param quarantines of the model in the workspace; lifted ones change nothing
   */
  public WayBack quarantined(List<Quarantined> quarantines) {
    Builder same = new Builder(this);
    same.target = target == null ? null : target.with(quarantines);
    same.live = live == null ? null : live.with(quarantines);
    return same.build();
  }

  /** The same, where that can't be read. */
  public WayBack unread(String why) {
    Builder same = new Builder(this);
    same.unread = why;
    return same.build();
  }

  /** The same, where there is no registered model of that name. */
  public WayBack unregistered() {
    Builder same = new Builder(this);
    same.registered = false;
    return same.build();
  }

  /** Whether no other version was ever released. */
  boolean isOnlyRelease(String version) {
    return ReleaseLog.one(version).equals(released);
  }

  /**
   * Whether the newest entries of a log answer a query, so that older ones change nothing.
   *
   * @param never versions of which is known that no entry, read or not, made them live
   */
  public static boolean isKnown(
      List<HistoryEvent> newestFirst, WayBackQuery query, Set<String> never) {
    String to = query.to();
    String live = query.live();
    if (to == null ? live == null : never.contains(to)) {
      // There is nothing to go back to.
      return true;
    }
    ReleaseLog released = new ReleaseLog(newestFirst, query.model());
    return target(released, query).filter(release -> isWhole(released, release)).isPresent()
        && (live == null
            || never.contains(live)
            || released.of(live).filter(release -> isWhole(released, release)).isPresent());
  }

  private static Optional<Release> target(ReleaseLog released, WayBackQuery query) {
    if (query.to() != null) {
      return released.of(query.to());
    }
    return query.live() == null ? Optional.empty() : released.before(query.live());
  }

  private static boolean isWhole(ReleaseLog released, Release release) {
    return released.states(release.version()).isPresent();
  }

  private static Recorded recorded(ReleaseLog released, Release release) {
    return new Recorded(release, released.states(release.version()).orElse(null), null);
  }

  /** What there is to say, part by part. */
  private static final class Builder {
    private @Nullable Recorded target;
    private @Nullable Recorded live;
    private @Nullable Left leftBy;
    private long lastRollback;
    private @Nullable String released;
    private final List<String> notes;
    private @Nullable CutOff cutOff;
    private @Nullable String unread;
    private @Nullable Boolean registered;

    Builder(long lastRollback, List<String> notes) {
      this.lastRollback = lastRollback;
      this.notes = notes;
    }

    Builder(WayBack from) {
      this(from.lastRollback, from.notes);
      target = from.target;
      live = from.live;
      leftBy = from.leftBy;
      released = from.released;
      cutOff = from.cutOff;
      unread = from.unread;
      registered = from.registered;
    }

    WayBack build() {
      return new WayBack(
          target, live, leftBy, lastRollback, released, notes, cutOff, unread, registered);
    }
  }
}
