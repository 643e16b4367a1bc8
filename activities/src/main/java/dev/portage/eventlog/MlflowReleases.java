package dev.portage.eventlog;

import dev.portage.history.HistoryEvent;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.RunTag;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.ReleasedVersion;
import dev.portage.registry.Tags;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.release.ReleaseOrder;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores records of releases: an artifact with the model, and an entry of the log. */
public final class MlflowReleases implements ReleaseActivities {

  /** Entries that are searched at a time for the one that made a version live. */
  private static final int AT_ONCE = 20;

  private final MlflowServers servers;
  private final RegistryActivities registry;
  private final ReleaseFiles files;
  private final EarlierReleases earlier;
  private final EventLog log;

  /** The activities over these servers. */
  public MlflowReleases(MlflowServers servers, RegistryActivities registry, ArtifactStores stores) {
    this.servers = servers;
    this.registry = registry;
    this.files = new ReleaseFiles(servers, stores);
    this.earlier = new EarlierReleases(registry, files);
    this.log = new EventLog(servers, registry, stores);
  }

  /** Whatever is in the way of one of the two does not keep the other from being written. */
  @Override
  public String record(ReleaseOrder order) {
    HistoryEvent event = order.event();
    @Nullable ApplicationFailure failure = null;
    if (event != null) {
      try {
        log.appendEvent(event.toBuilder().release(order.release()).build());
      } catch (ApplicationFailure unwritten) {
        failure = unwritten;
      }
    }
    String uri = files.write(order);
    if (failure != null) {
      throw failure;
    }
    return uri;
  }

  @Override
  public Optional<Release> recorded(RecordQuery query) {
    return files.read(query);
  }

  @Override
  public Optional<Release> liveRelease(ModelQuery query) {
    Champion champion = registry.champion(query).orElse(null);
    if (champion == null) {
      return Optional.empty();
    }
    String version = champion.version().version();
    Optional<Release> logged =
        new EventRuns(servers.of(query.workspace()), InstantSource.system())
            .find(
                new RunTag(Tags.MODEL, query.model()),
                AT_ONCE,
                event -> event.release() != null && event.release().version().equals(version))
            .map(HistoryEvent::release)
            .filter(Objects::nonNull);
    return logged.isPresent()
        ? logged
        : earlier.record(
            query.workspace(), new ReleasedVersion(version, champion.version().runId(), Tags.LIVE));
  }
}
