package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.transfer.WorkQueue.Job;
import dev.portage.transfer.WorkQueue.Kind;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Makes manifests from the files themselves, stores them as artifacts, and reads them back. */
final class Manifests {
  private static final String FOLDER = "portage";

  /** Enough for 100,000 files with long paths; anything longer is not one of our manifests. */
  private static final int MOST_BYTES = 256 * 1024 * 1024;

  private static final int MOST_STATED = 16 * 1024 * 1024;

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final Flights flights;
  private final RetryTimeout retry;

  Manifests(MlflowServers servers, ArtifactStores stores, Flights flights) {
    this.servers = servers;
    this.stores = stores;
    this.flights = flights;
    this.retry = flights.retry();
  }

  /** Reads every file once and stores the manifest in the run. */
  ManifestRef make(ManifestOrder order, Progress progress) {
    MlflowServer server = servers.of(order.model().workspace());
    ArtifactStore store = stores.at(server, order.model().artifactUri());
    List<ArtifactFile> listed = retry.call(store::list);
    if (listed.stream().noneMatch(file -> file.path().equals("MLmodel"))) {
      throw server.failure(
          FailureKind.USER,
          "compute the manifest of " + order.model().source(),
          listed.isEmpty() ? "it has no files" : "it has no file MLmodel",
          "Log the model again and promote that run.");
    }
    StatedFiles stated = stated(store);
    requireAll(server, order.model(), stated.lack(Listed.sizesOf(listed)));
    progress.begin(listed.size(), bytesOf(listed), Phase.DIGESTING);
    List<ManifestFile> files = Collections.synchronizedList(new ArrayList<>());
    List<ArtifactFile> inOrder =
        listed.stream().sorted(Comparator.comparingLong(Manifests::sizeOf).reversed()).toList();
    store.willRead(inOrder);
    ArtifactSource reads = new RetriedReads(store, retry);
    WorkQueue workQueue = flights.workQueue();
    workQueue.add(
        inOrder.stream()
            .map(file ->
                new Job(
                    Kind.DIGEST,
                    sizeOf(file),
                    () -> {
                      files.add(digest(server, reads, file, progress));
                      progress.file(Phase.DIGESTING);
                    }))
            .toList());
    flights.work(workQueue);
    Manifest manifest = ManifestFormat.of(files);
    requireAll(server, order.model(), stated.lack(Listed.sizesOf(Listed.asListed(files))));
    byte[] canonical = ManifestFormat.canonical(manifest);
    String digest = ManifestFormat.digest(canonical);
    String kept =
        retry.call(() -> keep(server, server.runs().get(order.model().runId()), canonical, digest));
    return new ManifestRef(digest, kept, listed.size(), manifest.bytes());
  }

  /**
   * Makes sure that a model has all files that its own MLmodel names. A manifest that was made of a
   * listing that lacked some is right in itself.
   *
   * @param store where the files are; not used if MLmodel is missing, which is reported elsewhere
   * @param files those of the manifest, or of the listing
   * @throws ApplicationFailure the user's, when it lacks some
   */
  void requireAll(
      MlflowServer server, ModelLocation model, ArtifactStore store, List<ArtifactFile> files) {
    StatedFiles stated;
    try {
      stated = stated(store);
    } catch (ApplicationFailure e) {
      boolean isGone =
          Integer.valueOf(404).equals(Failures.statusOf(e))
              || retry.call(store::list).stream()
                  .noneMatch(file -> file.path().equals(StatedFiles.NAME));
      if (isGone) {
        return;
      }
      throw e;
    }
    requireAll(server, model, stated.lack(Listed.sizesOf(files)));
  }

  private static void requireAll(MlflowServer server, ModelLocation model, String lack) {
    if (!lack.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          "find all files of " + model.source(),
          lack,
          "Check whether they are in the store that the server lists; if not, log the model again and promote that run.");
    }
  }

  private StatedFiles stated(ArtifactStore store) {
    try {
      return StatedFiles.in(
          retry.call(() ->
              store.<String>read(
                  StatedFiles.NAME,
                  stream -> WholeFile.of(stream, MOST_STATED).toString(StandardCharsets.UTF_8))));
    } catch (WrongBytes e) {
      return StatedFiles.in(""); // No such file is MLflow's.
    }
  }

  private static ManifestFile digest(
      MlflowServer server, ArtifactSource source, ArtifactFile file, Progress progress) {
    ManifestFile digested =
        source.read(
            file.path(),
            stream ->
                new PartDigests(file.path(), null)
                    .readAll(stream, count -> progress.bytes(Phase.DIGESTING, count)));
    if (file.size() != null && file.size() != digested.size()) {
      throw server.failure(
          FailureKind.PLATFORM,
          "read file " + file.path(),
          "it was listed with " + file.size() + " bytes but returned " + digested.size(),
          "Portage rereads it; nobody should write to a model while it is promoted.");
    }
    return digested;
  }

  private static long bytesOf(List<ArtifactFile> files) {
    return files.stream().mapToLong(Manifests::sizeOf).sum();
  }

  static long sizeOf(ArtifactFile file) {
    Long size = file.size();
    return size == null ? 0 : size;
  }

  /** Keeps a manifest in a run; the same one twice is one. Returns its artifact URI. */
  String keep(MlflowServer server, Run run, byte[] canonical, String digest) {
    String folder = run.artifactUri() + "/" + FOLDER;
    ArtifactStore store = stores.at(server, folder);
    String name = nameOf(digest);
    if (read(store, name, digest).filter(kept -> isOf(digest, kept)).isEmpty()) {
      store.write(name, canonical.length, Body.of(canonical));
    }
    return folder + "/" + name;
  }

  /**
   * The manifest to compare a copy with: from the run that is read, where each hop leaves one, else
   * from the origin.
   *
   * @param run the one that is read
   */
  Manifest of(CopyOrder order, Run run) {
    ManifestRef manifest = order.candidate().manifest();
    MlflowServer source = servers.readerOf(order.source().workspace());
    Optional<Manifest> near = of(source, run, manifest.digest());
    if (near.isPresent()) {
      return near.get();
    }
    MlflowServer origin = servers.readerOf(order.candidate().origin().workspace());
    try {
      byte[] original =
          fromOrigin(origin, manifest.artifactUri(), manifest.digest())
              .orElseThrow(() -> new WrongBytes("the stored manifest is gone"));
      return ManifestFormat.read(original, manifest.digest());
    } catch (WrongBytes e) {
      throw origin.failure(
          FailureKind.FATAL,
          "read the manifest " + manifest.artifactUri(),
          e.why(),
          "The candidate can't be verified any more: promote its version again.");
    }
  }

  /** A manifest that was made before, where the files are; empty when it is gone or another. */
  Optional<ManifestRef> find(ManifestQuery query) {
    MlflowServer server = servers.of(query.model().workspace());
    return of(server, query.model().runId(), query.digest())
        .map(manifest ->
            new ManifestRef(
                query.digest(), query.artifactUri(), manifest.files().size(), manifest.bytes()));
  }

  /** The manifest with this digest that was stored in a run, if it is there. */
  Optional<Manifest> of(MlflowServer server, String runId, String digest) {
    return of(server, retry.call(() -> server.runs().get(runId)), digest);
  }

  private Optional<Manifest> of(MlflowServer server, Run run, String digest) {
    ArtifactStore store = stores.at(server, run.artifactUri() + "/" + FOLDER);
    return retry
        .call(() -> read(store, nameOf(digest), digest))
        .filter(kept -> isOf(digest, kept))
        .map(kept -> ManifestFormat.read(kept, digest));
  }

  private Optional<byte[]> fromOrigin(MlflowServer origin, String uri, String digest) {
    int slash = uri.lastIndexOf('/');
    ArtifactStore store = stores.at(origin, uri.substring(0, slash));
    return retry.call(() -> read(store, uri.substring(slash + 1), digest));
  }

  /**
   * What is stored under a name, read until it has this digest or is known to be something else.
   * The listing says whether it exists: an MLflow server in front of a bucket answers 500 for a
   * missing file, just as for a bucket that doesn't respond.
   */
  private static Optional<byte[]> read(ArtifactStore store, String name, String digest) {
    if (store.list().stream().noneMatch(file -> file.path().equals(name))) {
      return Optional.empty();
    }
    Readings readings = new Readings(Readings.AT_SOURCE);
    while (true) {
      byte[] kept = store.read(name, stream -> WholeFile.of(stream, MOST_BYTES).toByteArray());
      if (isOf(digest, kept)
          || readings.isSettled(WrongBytes.other("another manifest", ManifestFormat.digest(kept)))
          || readings.isEndless()) {
        return Optional.of(kept);
      }
    }
  }

  private static boolean isOf(String digest, byte[] kept) {
    return ManifestFormat.digest(kept).equals(digest);
  }

  private static String nameOf(String digest) {
    return "manifest-" + digest.substring(0, 12) + ".json";
  }
}
