package dev.portage.rollback;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveState;
import dev.portage.release.Release;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was released in a workspace, newest first, and which of it a rollback may go back to. Pure.
 */
final class ReleaseLog {

  /** How many versions a message lists. */
  private static final int LISTED = 10;

  private final List<HistoryEvent> events;

  /**
   * @param log entries of the workspace's log, newest first
   * @param model full name of the registered model: versions of another model don't count
   */
  ReleaseLog(List<HistoryEvent> log, String model) {
    events =
        log.stream().filter(event -> event.release() != null).filter(e -> e.isOf(model)).toList();
  }

  /** Whether nothing was ever released of it. */
  boolean isEmpty() {
    return events.isEmpty();
  }

  /**
   * The release that made a version live first, or again by another promotion; empty if there is
   * none.
   */
  Optional<Release> of(@Nullable String version) {
    return firsts().stream().filter(release -> release.version().equals(version)).findFirst();
  }

  /**
   * The default target: the newest release before the live one that no rollback has left since. So
   * a second rollback goes further back, and never to what the first one left.
   *
   * @param live version that is live; one that was never released is newer than all releases
   */
  Optional<Release> before(String live) {
    List<Release> firsts = firsts();
    int index = 0;
    for (int i = 0; i < firsts.size(); i++) {
      if (firsts.get(i).version().equals(live)) {
        index = i + 1;
        break;
      }
    }
    return firsts.subList(index, firsts.size()).stream()
        .filter(release -> !release.version().equals(live))
        .filter(release -> leftBy(release.version()).isEmpty())
        .findFirst();
  }

  /** The rollback that left a version, unless it was made live again since. */
  Optional<HistoryEvent> leftBy(String version) {
    return events.stream()
        .filter(event -> isAbout(event, version))
        .findFirst()
        .filter(event -> !release(event).version().equals(version));
  }

  /**
   * A change that left a release without the log saying so, or saying that everything was
   * completed. A workflow that was terminated after the champion had moved causes that, and so does
   * a person who moves the champion back by hand.
   *
   * @param live version that is live
   */
  Optional<WayBack.CutOff> cutOff(@Nullable String live) {
    if (live == null || events.isEmpty()) {
      return Optional.empty();
    }
    HistoryEvent last = events.getFirst();
    Release recorded = release(last);
    if (!recorded.version().equals(live)) {
      return isBefore(live, recorded.version())
          ? Optional.of(new WayBack.CutOff(of(recorded.version()).orElse(recorded), null))
          : Optional.empty();
    }
    return last.kind() != HistoryKind.ROLLBACK || live.equals(recorded.previousVersion())
        ? Optional.empty()
        : of(recorded.previousVersion()).map(left -> new WayBack.CutOff(left, last.workflow()));
  }

  /** Whether a version was released, and another one later. */
  private boolean isBefore(String version, String later) {
    List<String> versions = firsts().stream().map(Release::version).toList();
    return versions.contains(later) && versions.indexOf(version) > versions.indexOf(later);
  }

  private static boolean isAbout(HistoryEvent event, String version) {
    Release release = release(event);
    return release.version().equals(version)
        || (event.kind() == HistoryKind.ROLLBACK && version.equals(release.previousVersion()));
  }

  /**
   * The full state while a release was live: what it recorded, and of things that it did not
   * change, such as an endpoint that its file no longer served from, what a later release found of
   * them. An older release recorded none; then the one that replaced it may have recorded what it
   * found.
   *
   * @return empty if no record has it
   */
  Optional<List<LiveState>> states(String version) {
    return recorded(version)
        .map(states -> {
          List<LiveState> all = new ArrayList<>(states);
          for (LiveState found : foundSince(version)) {
            if (all.stream().noneMatch(one -> one.thing().equals(found.thing()))) {
              all.add(found);
            }
          }
          return List.copyOf(all);
        });
  }

  /** What later releases found, the next one's first; things that were absent are left out. */
  private List<LiveState> foundSince(String version) {
    List<LiveState> found = new ArrayList<>();
    for (HistoryEvent event : events) {
      Release release = release(event);
      if (release.version().equals(version)) {
        break;
      }
      List<LiveState> before = release.before();
      if (before != null) {
        found.addAll(0, before.stream().filter(LiveState::present).toList());
      }
      // What older releases found was there before that version.
      if (version.equals(release.previousVersion())) {
        break;
      }
    }
    return found;
  }

  private Optional<List<LiveState>> recorded(String version) {
    return events.stream()
        .map(ReleaseLog::release)
        .filter(release -> release.version().equals(version))
        .flatMap(release -> Stream.ofNullable(release.live()))
        .findFirst()
        .or(() ->
            events.stream()
                .map(ReleaseLog::release)
                .filter(release -> version.equals(release.previousVersion()))
                .flatMap(release -> Stream.ofNullable(release.before()))
                .findFirst());
  }

  /** Number of the last rollback that is recorded; 0 for none. */
  long lastRollback(RollbackId beside) {
    return events.stream()
        .map(event -> RollbackId.of(String.valueOf(event.workflow())))
        .flatMap(Optional::stream)
        .filter(beside::isBeside)
        .mapToLong(RollbackId::number)
        .max()
        .orElse(0);
  }

  /**
   * The versions that a rollback can go back to, for messages: "versions 4, 2, 1".
   *
   * @param more whether there are older entries than these
   */
  String listed(boolean more) {
    SequencedSet<String> versions =
        firsts().stream()
            .map(Release::version)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<String> shown = new ArrayList<>(versions).subList(0, Math.min(LISTED, versions.size()));
    return versions.size() == 1 && !more
        ? one(shown.getFirst())
        : "versions "
            + String.join(", ", shown)
            + (more
                ? " and older ones"
                : versions.size() > shown.size()
                    ? " and " + (versions.size() - shown.size()) + " older ones"
                    : "");
  }

  /** How {@link #listed} writes a single version. */
  static String one(String version) {
    return "version " + version;
  }

  /** Releases by promotions and adoptions, without rollbacks, newest first. */
  private List<Release> firsts() {
    return events.stream()
        .filter(event -> event.kind() != HistoryKind.ROLLBACK)
        .map(ReleaseLog::release)
        .toList();
  }

  private static Release release(HistoryEvent event) {
    Release release = event.release();
    if (release == null) {
      throw new IllegalArgumentException("the constructor keeps only entries with a release");
    }
    return release;
  }
}
