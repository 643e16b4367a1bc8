package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.CopyResult;
import dev.portage.copy.CopyWays;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactStore;
import dev.portage.store.ArtifactStores;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries a model's files and facts from one workspace to another, in memory that does not grow
 * with the model. May be killed and called again at any point: what is there already is looked at
 * first.
 */
public final class Transfer implements CopyActivities {
  /** Transfers in flight at once, where nobody sets another number. */
  public static final int CONCURRENCY = 16;

  private static final Duration BEAT = Duration.ofSeconds(2);

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final Supplier<Heartbeat> heartbeats;
  private final Duration beatEvery;
  private final int concurrency;
  private final Clock clock;

  /** The activities over these servers, with a heartbeat every 2 s. */
  public Transfer(MlflowServers servers, ArtifactStores stores) {
    this(servers, stores, CONCURRENCY);
  }

  /**
   * The activities over these servers.
   *
   * @param concurrency transfers in flight at once, at most
   */
  public Transfer(MlflowServers servers, ArtifactStores stores, int concurrency) {
    this(servers, stores, Heartbeat::ofActivity, BEAT, concurrency, Clock.systemUTC());
  }

  /**
   * The activities, with everything that can be set.
   *
   * @param heartbeats asked at the start of each activity, on its thread
   * @param beatEvery time between two heartbeats
   * @param concurrency transfers in flight at once, at most
   * @param clock tells when a run was made
   */
  public Transfer(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      int concurrency,
      Clock clock) {
    this.servers = servers;
    this.stores = stores;
    this.heartbeats = heartbeats;
    this.beatEvery = beatEvery;
    this.concurrency = concurrency;
    this.clock = clock;
  }

  @Override
  public ManifestRef makeManifest(ManifestOrder order) {
    return beating(Phase.DIGESTING, progress -> manifests().make(order, progress));
  }

  @Override
  public Optional<ManifestRef> findManifest(ManifestQuery query) {
    return beating(Phase.DIGESTING, _ -> manifests().find(query));
  }

  @Override
  public CopyPreview previewCopy(ModelLocation source) {
    return beating(
        Phase.DIGESTING,
        _ -> {
          ArtifactStore store =
              stores.at(servers.readerOf(source.workspace()), source.artifactUri());
          List<ArtifactFile> files = store.list();
          long bytes = files.stream().mapToLong(Manifests::sizeOf).sum();
          return new CopyPreview(
              files.size(),
              bytes,
              store.probeReads(FileCopy.sample(files, Manifests::sizeOf, ArtifactFile::path)));
        });
  }

  @Override
  public CopyResult copy(CopyOrder order) {
    return beating(Phase.SENDING, progress -> copy(order, progress));
  }

  @Override
  public CopyPlan planCopy(CopyOrder order) {
    return beating(
        Phase.SENDING,
        _ -> {
          Manifest manifest = manifests().of(order);
          ModelLocation model = begin(order);
          if (!listed(order, model).difference(manifest.files()).isEmpty()) {
            requireUnchangedSource(order, manifest);
          }
          return new CopyPlan(
              model, Partitions.of(manifest.files(), Partition.MOST_BYTES, Partition.MOST_FILES));
        });
  }

  @Override
  public PartitionResult copyPartition(PartitionOrder order) {
    return beating(
        Phase.SENDING,
        progress -> {
          Manifest manifest = manifests().of(order.order());
          Partition partition = order.partition();
          CopyWays ways =
              carry(
                  order.order(),
                  order.model(),
                  manifest,
                  partition,
                  listed(order.order(), order.model()),
                  () -> {},
                  progress);
          return new PartitionResult(
              partition.files(), partition.bytes(), progress.sentBytes(), ways);
        });
  }

  @Override
  public CopyResult finishCopy(FinishOrder order) {
    return beating(
        Phase.READING_BACK,
        _ ->
            finish(
                order.order(),
                order.model(),
                manifests().of(order.order()),
                order.sentBytes(),
                order.ways()));
  }

  private CopyResult copy(CopyOrder order, Progress progress) {
    Manifest manifest = manifests().of(order);
    ModelLocation model = begin(order);
    Listed there = listed(order, model);
    requireNothingElse(order, there, manifest);
    CopyWays ways =
        carry(
            order,
            model,
            manifest,
            new Partition(0, manifest.files().size(), manifest.bytes()),
            there,
            () -> requireUnchangedSource(order, manifest),
            progress);
    return finish(order, model, manifest, progress.sentBytes(), ways);
  }

  /** The target's run, with a place for the files and all facts. */
  private ModelLocation begin(CopyOrder order) {
    MlflowServer source = servers.readerOf(order.source().workspace());
    MlflowServer target = servers.of(order.target());
    Run original = source.runs().get(order.source().runId());
    Run run = new TargetRuns(target, clock).ofOrder(order, original);
    ModelLocation model = new TargetModels(source, target).ofRun(run, order);
    new RunFacts(source, target).carry(original, run, model, order);
    return model;
  }

  private CopyWays carry(
      CopyOrder order,
      ModelLocation model,
      Manifest manifest,
      Partition partition,
      Listed there,
      Runnable beforeSending,
      Progress progress) {
    MlflowServer source = servers.readerOf(order.source().workspace());
    MlflowServer target = servers.of(order.target());
    List<ManifestFile> files = manifest.files().subList(partition.from(), partition.to());
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      places.put(files.get(i).path(), partition.from() + i);
    }
    progress.places(places);
    ArtifactStore from = stores.at(source, order.source().artifactUri());
    ArtifactStore to = stores.at(target, model.artifactUri());
    Run run = target.runs().get(model.runId());
    CopyRoute route =
        new CopyRoute(
            source,
            from,
            from.probeReads(FileCopy.sample(files)),
            target,
            to,
            to.probeWrites(),
            new Uploads(
                stores.at(target, run.artifactUri() + "/" + Uploads.FOLDER), new Seal(target)));
    FileCopy copy = new FileCopy(route, order.verifyOrFull(), flights(), progress);
    copy.carry(files, there, beforeSending);
    return copy.ways();
  }

  private CopyResult finish(
      CopyOrder order, ModelLocation model, Manifest manifest, long sentBytes, CopyWays ways) {
    MlflowServer source = servers.readerOf(order.source().workspace());
    MlflowServer target = servers.of(order.target());
    requireExactListing(order, listed(order, model), manifest);
    byte[] canonical = ManifestFormat.canonical(manifest);
    String digest = ManifestFormat.digest(canonical);
    Run run = target.runs().get(model.runId());
    manifests().keep(target, run, canonical, digest);
    new TargetModels(source, target).finish(model);
    new TargetRuns(target, clock).finish(run, source.runs().get(order.source().runId()));
    return new CopyResult(
        model,
        digest,
        manifest.files().size(),
        manifest.bytes(),
        sentBytes,
        target.pages().run(run.experimentId(), run.id()),
        ways);
  }

  private Listed listed(CopyOrder order, ModelLocation model) {
    return new Listed(stores.at(servers.of(order.target()), model.artifactUri()).list());
  }

  /** Compares the source's listing with the manifest, before anything is sent. */
  private void requireUnchangedSource(CopyOrder order, Manifest manifest) {
    MlflowServer source = servers.readerOf(order.source().workspace());
    String difference =
        new Listed(stores.at(source, order.source().artifactUri()).list())
            .difference(manifest.files());
    if (!difference.isEmpty()) {
      throw CopyRoute.changed(source, difference);
    }
  }

  private void requireNothingElse(CopyOrder order, Listed there, Manifest manifest) {
    String extra = there.extra(manifest.files());
    if (!extra.isEmpty()) {
      throw servers
          .of(order.target())
          .failure(
              FailureKind.USER,
              "compare the target's files with the manifest",
              extra,
              "Find out who wrote to the target's run, delete it there, then resume.");
    }
  }

  /** Compares the target's listing with the manifest, after everything was sent. */
  private void requireExactListing(CopyOrder order, Listed there, Manifest manifest) {
    requireNothingElse(order, there, manifest);
    String difference = there.difference(manifest.files());
    if (!difference.isEmpty()) {
      throw servers
          .of(order.target())
          .failure(
              FailureKind.PLATFORM,
              "compare the target's files with the manifest",
              difference,
              "What is missing is sent again; look at the target's artifact store.");
    }
  }

  private Manifests manifests() {
    return new Manifests(servers, stores, flights());
  }

  private Flights flights() {
    return new Flights(new Limiter(concurrency));
  }

  private <T> T beating(Phase phase, Function<Progress, T> work) {
    Heartbeat heartbeat = heartbeats.get();
    Progress progress = new Progress(phase, heartbeat.before());
    return LongWork.beating(heartbeat, beatEvery, progress, () -> work.apply(progress));
  }
}
