package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyResult;
import dev.portage.copy.Partition;
import dev.portage.copy.ReadCapabilities;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactStore;
import dev.portage.store.Parallel;
import dev.portage.store.tracking.ArtifactStores;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Carries out one order: finds or creates the target's run, sends and compares its files, finishes
 * the run. The two servers are called at the same time unless one call needs the other's result.
 */
final class ModelCopy {
  private final CopyOrder order;
  private final MlflowServer source;
  private final MlflowServer target;
  private final ArtifactStores stores;
  private final ArtifactStore files;
  private final Manifests manifests;
  private final Clock clock;
  private final int attempt;
  private final TargetRuns runs;
  private final TargetModels models;
  private final Flights flights;

  /** For single calls; each of them is idempotent. */
  private final RetryTimeout retry;

  private final Progress progress;

  ModelCopy(
      CopyOrder order,
      MlflowServers servers,
      ArtifactStores stores,
      Flights flights,
      Clock clock,
      int attempt,
      Progress progress) {
    this.order = order;
    this.source = servers.readerOf(order.source().workspace());
    this.target = servers.of(order.target());
    this.stores = stores;
    this.files = stores.at(source, order.source().artifactUri());
    this.manifests = new Manifests(servers, stores, flights);
    this.clock = clock;
    this.attempt = attempt;
    this.runs = new TargetRuns(target, clock, attempt);
    this.models = new TargetModels(source, target, clock, attempt);
    this.flights = flights;
    this.retry = flights.retry();
    this.progress = progress;
  }

  /**
   * What is copied.
   *
   * @param run the source's
   * @param manifest its files
   * @param reads what reading them can do
   */
  private record Original(Run run, Manifest manifest, ReadCapabilities reads) {}

  /**
   * Where it goes.
   *
   * @param run the target's
   * @param model the place for the files
   */
  private record Place(Run run, ModelLocation model) {}

  /** Does all of it. */
  CopyResult whole() {
    return Parallel.meanwhile(
        this::completeOriginal,
        awaited -> {
          Place place = place(awaited);
          Original original = awaited.get();
          // Facts are small and files are not: neither waits for the other, and each can fail.
          FileCopy copy = files(original, place);
          Parallel.each(
              List.<Runnable>of(
                  () -> carryFacts(original, place), () -> carryAll(original, place, copy)),
              2,
              Runnable::run);
          return finish(
              original.run(), original.manifest(), place, progress.sentBytes(), copy.methods());
        });
  }

  /** The target's place for the files with all facts, and how they are shared out. */
  CopyPlan plan() {
    return Parallel.meanwhile(
        this::completeOriginal,
        awaited -> {
          Place place = place(awaited);
          Original original = awaited.get();
          List<ManifestFile> wanted = original.manifest().files();
          carryFacts(original, place);
          if (!listed(place.model()).difference(wanted).isEmpty()) {
            requireUnchangedSource(original.manifest());
          }
          return new CopyPlan(place.model(), Partitions.of(wanted));
        });
  }

  /** Sends some of the files. */
  CopyMethods partition(ModelLocation model, Partition partition) {
    return Parallel.meanwhile(
        this::original,
        awaited -> {
          Place place = new Place(targetRun(model), model);
          Listed there = listed(model);
          Original original = awaited.get();
          FileCopy copy = files(original, place);
          copy.carry(places(original.manifest(), partition), there, () -> {});
          return copy.methods();
        });
  }

  /** Compares all and ends the run. */
  CopyResult finish(ModelLocation model, long sentBytes, CopyMethods methods) {
    Run run = sourceRun();
    return finish(
        run, manifests.of(order, run), new Place(targetRun(model), model), sentBytes, methods);
  }

  /** Also one whose manifest was made of a listing that lacked files is refused. */
  private Original completeOriginal() {
    Original original = original();
    List<ArtifactFile> known = Listed.asListed(original.manifest().files());
    manifests.requireAll(source, order.source(), files, known);
    return original;
  }

  private Original original() {
    Run run = sourceRun();
    Manifest manifest = manifests.of(order, run);
    String sample = FileCopy.sample(manifest.files());
    return new Original(run, manifest, retry.call(() -> files.probeReads(sample)));
  }

  private Run sourceRun() {
    return retry.call(() -> source.runs().get(order.source().runId()));
  }

  private Run targetRun(ModelLocation model) {
    return retry.call(() -> target.runs().get(model.runId()));
  }

  /** Nothing is made there before the original is known to be whole. */
  private Place place(Supplier<Original> original) {
    // What is created after a failed try may get a duplicate, as after a failed attempt.
    AtomicInteger tries = new AtomicInteger(attempt);
    Run run =
        retry.call(() ->
            new TargetRuns(target, clock, tries.getAndIncrement())
                .ofOrder(order, () -> original.get().run()));
    tries.set(attempt);
    ModelLocation model =
        retry.call(() ->
            new TargetModels(source, target, clock, tries.getAndIncrement()).ofRun(run, order));
    return new Place(run, model);
  }

  private void carryFacts(Original original, Place place) {
    new RunFacts(source, target, retry).carry(original.run(), place.run(), place.model(), order);
  }

  private FileCopy files(Original original, Place place) {
    ArtifactStore to = stores.at(target, place.model().artifactUri());
    TransferEnds ends =
        new TransferEnds(
            source,
            new RetriedReads(files, retry),
            original.reads(),
            target,
            to,
            retry.call(to::probeWrites),
            new Uploads(
                stores.at(target, place.run().artifactUri() + "/" + Uploads.FOLDER),
                new Seal(target)));
    return new FileCopy(ends, order.verifyOrFull(), flights, progress);
  }

  private void carryAll(Original original, Place place, FileCopy copy) {
    Manifest manifest = original.manifest();
    Listed there = listed(place.model());
    requireNothingElse(there, manifest);
    copy.carry(
        places(manifest, new Partition(0, manifest.files().size(), manifest.bytes())),
        there,
        () -> requireUnchangedSource(manifest));
  }

  /** The files of a partition; the record of what was verified counts them by their places. */
  private List<ManifestFile> places(Manifest manifest, Partition partition) {
    List<ManifestFile> some = manifest.files().subList(partition.from(), partition.to());
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < some.size(); i++) {
      places.put(some.get(i).path(), partition.from() + i);
    }
    progress.places(places);
    return some;
  }

  private CopyResult finish(
      Run original, Manifest manifest, Place place, long sentBytes, CopyMethods methods) {
    requireExactListing(listed(place.model()), manifest);
    byte[] canonical = ManifestFormat.canonical(manifest);
    String digest = ManifestFormat.digest(canonical);
    retry.run(() -> manifests.keep(target, place.run(), canonical, digest));
    retry.run(() -> models.finish(place.model()));
    retry.run(() -> runs.finish(place.run(), original));
    return new CopyResult(
        place.model(),
        digest,
        manifest.files().size(),
        manifest.bytes(),
        sentBytes,
        target.pages().run(place.run().experimentId(), place.run().id()),
        methods);
  }

  private Listed listed(ModelLocation model) {
    return new Listed(retry.call(() -> stores.at(target, model.artifactUri()).list()));
  }

  /** Compares the source's listing with the manifest, before anything is sent. */
  private void requireUnchangedSource(Manifest manifest) {
    String difference = new Listed(retry.call(files::list)).difference(manifest.files());
    if (!difference.isEmpty()) {
      throw TransferEnds.changed(source, difference);
    }
  }

  private void requireNothingElse(Listed there, Manifest manifest) {
    String extra = there.extra(manifest.files());
    if (!extra.isEmpty()) {
      throw target.failure(
          FailureKind.USER,
          "compare the target's files with the manifest",
          extra,
          "Find out who wrote to the target's run, delete the extra files there, then resume.");
    }
  }

  /** Compares the target's listing with the manifest, after everything was sent. */
  private void requireExactListing(Listed there, Manifest manifest) {
    requireNothingElse(there, manifest);
    String difference = there.difference(manifest.files());
    if (!difference.isEmpty()) {
      throw target.failure(
          FailureKind.PLATFORM,
          "compare the target's files with the manifest",
          difference,
          "Portage sends missing files again; check the target's artifact store.");
    }
  }
}
