package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.attempt.LostResponse;
import dev.portage.attempt.Recheck;
import dev.portage.candidate.Manifest;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.Json;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.OwnVersions;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.store.ArtifactStore;
import dev.portage.transfer.VersionFiles.Filling;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one version of an order: created, filled and finished. One that waits for its files, from
 * whichever attempt, is continued.
 */
final class OneVersion {
  private final MlflowServer server;
  private final CatalogModels models;
  private final VersionOrder order;
  private final OrderedVersions versions;
  private final AttemptAge asked;
  private final Duration timeout;
  private final Duration pause;

  /**
   * The version of this order.
   *
   * @param asked how often and for how long it has been attempted
   * @param timeout how long it may take to become ready, its files being there
   * @param pause between two reads
   */
  OneVersion(
      MlflowServer server, VersionOrder order, AttemptAge asked, Duration timeout, Duration pause) {
    this.asked = asked;
    this.server = server;
    this.models = new CatalogModels(server);
    this.order = order;
    this.versions = new OrderedVersions(models, order);
    this.timeout = timeout;
    this.pause = pause;
  }

  /** Makes it, or finishes what another attempt left of it; it holds the right files then. */
  CatalogVersion made(Filling files) {
    MlmodelFile model = MlmodelFile.read(server, files.text(order.location(), MlmodelFile.NAME));
    model.requireRegistrable(server, order.model());
    Manifest manifest = files.manifest(order.location(), digest());
    models.ensure(order.model());
    Optional<CatalogVersion> left = versions.keepOne();
    Optional<CatalogVersion> found =
        left.isPresent() ? left.filter(OrderedVersions::isFound) : found(manifest, files);
    if (found.isPresent()) {
      return label(found.get());
    }
    if (left.isPresent()) {
      Optional<CatalogVersion> finished = taken(left.get(), manifest, files);
      if (finished.isPresent()) {
        return finished.get();
      }
      requireUnused(left.get());
      models.delete(order.model(), left.get().number());
    }
    return filled(created(model), manifest, files);
  }

  /** A version that an alias points at is never deleted, whatever it contains. */
  private void requireUnused(CatalogVersion version) {
    if (!version.aliases().isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          "create version " + version.number() + " of " + version.model() + " again",
          "its files differ from the manifest, and it is in use by alias "
              + String.join(", ", version.aliases()),
          "Find out who changed its files; point the alias elsewhere, then resume the promotion.");
    }
  }

  /**
   * The version that the order names, else the last one that the run registered itself; its files
   * are the manifest's, since the catalog keeps its own copy.
   */
  private Optional<CatalogVersion> found(Manifest manifest, Filling files) {
    return versions.ofRun().stream()
        .filter(CatalogVersion::isReady)
        .filter(version ->
            OwnVersions.isOfOrder(
                order, version.version(), version.source(), version.modelId(), version.tags()))
        .sorted(
            Comparator.comparing(
                    (CatalogVersion version) -> version.version().equals(order.registered()))
                .thenComparingLong(CatalogVersion::number)
                .reversed())
        .filter(version -> difference(version, manifest, files).isEmpty())
        .findFirst();
  }

  private CatalogVersion label(CatalogVersion version) {
    OwnVersions.tags(order)
        .forEach((key, value) -> {
          if (!value.equals(version.tags().get(key))) {
            models.tag(version.model(), version.number(), key, value);
          }
        });
    return models.version(version.model(), version.number());
  }

  private String difference(CatalogVersion version, Manifest manifest, Filling files) {
    return files.difference(
        manifest, CatalogArtifacts.toRead(server, version), order.verifyOrFull());
  }

  /** Finishes what was left by another attempt; empty when that can't be done. */
  private Optional<CatalogVersion> taken(CatalogVersion left, Manifest manifest, Filling files) {
    if (left.isReady()) {
      // That it is ready says nothing of its files.
      return difference(left, manifest, files).isEmpty() ? Optional.of(left) : Optional.empty();
    }
    try {
      return Optional.of(filled(left, manifest, files));
    } catch (ApplicationFailure failure) {
      if (FailureKind.USER.type().equals(failure.getType())) {
        return Optional.empty(); // Another login made it, perhaps: then only a new one helps.
      }
      throw failure;
    }
  }

  private CatalogVersion created(MlmodelFile model) {
    ObjectNode body =
        MlflowServer.object()
            .put("name", order.model())
            .put("source", order.location().source())
            .put("run_id", order.location().runId())
            .put("description", order.description());
    if (order.location().modelId() != null) {
      body.put("model_id", order.location().modelId());
    }
    String tracking = trackingServer();
    if (tracking != null) {
      body.put("run_tracking_server_id", tracking);
    }
    Map<String, String> tags = new LinkedHashMap<>(order.tags());
    tags.put(Tags.KEY, order.key());
    tags.putAll(LostResponse.tags(asked.attempt(), Instant.now()));
    Json.list(body, "tags", tags);
    model.dependencies(body.putArray("model_version_dependencies"));
    CatalogVersion created = models.create(order.model(), body);
    // Another worker may have made one at the same time.
    Optional<CatalogVersion> kept = versions.keepOne();
    if (kept.isPresent()) {
      return kept.get();
    }
    CatalogVersion itself = models.version(order.model(), created.number());
    if (order.key().equals(itself.tags().get(Tags.KEY))) {
      return itself; // A search may be late.
    }
    // If it were never found again, it would be recreated forever.
    models.delete(order.model(), created.number());
    throw server.failure(
        FailureKind.USER,
        "create version " + created.number() + " of " + order.model(),
        "the catalog lost its tag " + Tags.KEY,
        "Find out what removes tags from versions there; nothing was left behind.");
  }

  /** The id of the workspace, by which Unity Catalog links to the run. */
  private @Nullable String trackingServer() {
    String runId = order.location().runId();
    HttpAnswer answer = server.ask("read run " + runId, "runs/get", Map.of("run_id", runId));
    String id = answer.headers().get("x-databricks-org-id");
    return id == null || id.isBlank() ? null : id;
  }

  private CatalogVersion filled(CatalogVersion version, Manifest manifest, Filling files) {
    if (version.isPending()) {
      try {
        ArtifactStore store = CatalogArtifacts.toFill(server, version);
        files.fill(
            order.location(),
            manifest,
            store,
            version.model() + "-" + version.number(),
            order.verifyOrFull());
        models.finish(version.model(), version.number());
      } catch (ApplicationFailure failure) {
        throw waiting(failure, version);
      }
    }
    return ready(version);
  }

  /** Says what is left in place while someone fixes it; a fatal failure leaves nothing. */
  private static ApplicationFailure waiting(ApplicationFailure failure, CatalogVersion version) {
    return FailureKind.FATAL.type().equals(failure.getType())
        ? failure
        : Failures.and(
            failure,
            "In the meantime version "
                + version.number()
                + " of "
                + version.model()
                + " stays incomplete: a resume continues with it, any other end removes it.");
  }

  private CatalogVersion ready(CatalogVersion version) {
    CatalogVersion now =
        Recheck.every(pause, timeout)
            .until(
                () -> models.version(version.model(), version.number()),
                seen -> seen.isReady() || seen.isFailed());
    if (now.isFailed()) {
      models.delete(now.model(), now.number());
      throw failed(server, now);
    }
    if (!now.isReady()) {
      throw server.failure(
          FailureKind.PLATFORM,
          "register version " + now.number() + " of " + now.model(),
          "its files are complete, but its status is still " + now.describe(),
          "Portage checks again.");
    }
    return now;
  }

  /** The message about a failed version. */
  static RuntimeException failed(MlflowServer server, CatalogVersion version) {
    return server.failure(
        FailureKind.USER,
        "register version " + version.number() + " of " + version.model(),
        version.describe(),
        "Fix what the message names, then resume the promotion.");
  }

  private String digest() {
    String digest = order.tags().get(Tags.DIGEST);
    if (digest == null || digest.length() != 64) {
      throw server.failure(
          FailureKind.FATAL,
          "create a version of " + order.model(),
          "the request has no manifest in its tag " + Tags.DIGEST,
          "A version in Unity Catalog is created only from files compared with their manifest.");
    }
    return digest;
  }
}
