package dev.portage.versioncopy;

import dev.portage.activity.LongQueue;
import dev.portage.activity.Stubs;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.temporal.Queues;
import java.time.Duration;
import java.util.Optional;

/**
 * Workflow code: the manifest of a registered version, made where its files are. It is the one made
 * when the version was registered, if that is still there, else a new one.
 *
 * @param version the version
 * @param model its files, with a run that keeps the manifest
 * @param retryTimeout how long to retry a server that doesn't respond
 */
public record VersionManifest(ModelVersion version, ModelLocation model, Duration retryTimeout) {

  /** The one that its tags name, if it is there. */
  public Optional<ManifestRef> find() {
    String digest = version.tags().get(Tags.DIGEST);
    String uri = version.tags().get(Tags.MANIFEST);
    return digest == null || uri == null
        ? Optional.empty()
        : activities(
                Queues.of(version.workspace()), "find the manifest of version " + version.version())
            .findManifest(new ManifestQuery(model, digest, uri));
  }

  /**
   * A new one: reads every file once.
   *
   * @param holder id of the workflow that needs it
   */
  public ManifestRef make(String holder) {
    return activities(
            LongQueue.MANIFESTS.of(Queues.of(version.workspace())),
            "digest the files of version " + version.version())
        .makeManifest(new ManifestOrder(model, holder));
  }

  private CopyActivities activities(String queue, String summary) {
    return Stubs.copying(CopyActivities.class, queue, retryTimeout, summary);
  }
}
