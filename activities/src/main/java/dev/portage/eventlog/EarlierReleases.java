package dev.portage.eventlog;

import dev.portage.failure.FailureKind;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.ReleasedQuery;
import dev.portage.registry.ReleasedVersion;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Releases that were recorded before there was a log: their versions are labelled, and the record
 * is an artifact with the model. Each reads as the entry that it would be today.
 */
final class EarlierReleases {

  private final RegistryActivities registry;
  private final ReleaseFiles files;

  EarlierReleases(RegistryActivities registry, ReleaseFiles files) {
    this.registry = registry;
    this.files = files;
  }

  /** Whether there is a registered model that may have had any. */
  boolean isRegistered(String workspace, String model) {
    return registry.isRegistered(workspace, model);
  }

  /**
   * What was found.
   *
   * @param events in the order of their versions, the highest first
   * @param notes what can't be read, a line each
   * @param more whether there are versions that were not looked at
   */
  record Found(List<HistoryEvent> events, List<String> notes, boolean more) {}

  /**
   * Reads them.
   *
   * @param covered versions that the log has
   * @param most how many to read at most: each takes a few calls
   * @param named versions to read in any case
   */
  Found of(
      String workspace, String model, Set<String> covered, int most, Collection<String> named) {
    List<ReleasedVersion> versions =
        registry.releasedVersions(new ReleasedQuery(workspace, model, List.copyOf(named))).stream()
            .filter(version -> !covered.contains(version.version()))
            .toList();
    List<ReleasedVersion> read =
        new ArrayList<>(versions.subList(0, Math.min(most, versions.size())));
    versions.subList(read.size(), versions.size()).stream()
        .filter(version -> named.contains(version.version()))
        .forEach(read::add);
    List<HistoryEvent> events = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (ReleasedVersion version : read) {
      Optional<Release> release = record(workspace, version);
      if (release.isPresent()) {
        events.add(event(release.get(), model));
      } else {
        notes.add(
            "version "
                + version.version()
                + " of "
                + model
                + " in "
                + workspace
                + " is labelled "
                + version.label()
                + ", but the record of its release is missing");
      }
    }
    return new Found(events, notes, versions.size() > read.size());
  }

  /** The record of one version; empty if there is none, or it is of another. */
  Optional<Release> record(String workspace, ReleasedVersion version) {
    String run = version.runId();
    if (run == null) {
      return Optional.empty();
    }
    try {
      return files
          .read(new RecordQuery(workspace, run))
          .filter(release -> release.workspace().equals(workspace))
          .filter(release -> release.version().equals(version.version()));
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      // A run that someone deleted records nothing.
      return Optional.empty();
    }
  }

  /**
   * Who started the promotion was not recorded then, only who approved.
   *
   * @param model registered model whose version has the record, which may be renamed since
   */
  private static HistoryEvent event(Release release, String model) {
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.RELEASE, release.workspace(), release.promotion()),
            HistoryKind.RELEASE,
            release.workspace(),
            model,
            release.at(),
            null)
        .workflow(release.promotion())
        .release(release)
        .build();
  }
}
