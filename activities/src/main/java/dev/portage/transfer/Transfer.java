package dev.portage.transfer;

import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.CopyResult;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Copies a model's files and facts from one workspace to another, in memory that does not grow with
 * the model. May be killed and called again at any point: it first looks at what is already there.
 */
public final class Transfer implements CopyActivities {
  /** Default number of transfers in flight. */
  public static final int CONCURRENCY = 16;

  private static final Duration BEAT = Duration.ofSeconds(2);

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final Supplier<Heartbeat> heartbeats;
  private final Duration beatEvery;
  private final IntSupplier concurrency;
  private final Duration retryTimeout;
  private final Clock clock;

  /** The activities over these servers, with a heartbeat every 2 s. */
  public Transfer(MlflowServers servers, ArtifactStores stores) {
    this(servers, stores, () -> CONCURRENCY);
  }

  /**
   * The activities over these servers.
   *
   * @param concurrency maximum number of transfers in flight; read at each use
   */
  public Transfer(MlflowServers servers, ArtifactStores stores, IntSupplier concurrency) {
    this(
        servers,
        stores,
        Heartbeat::ofActivity,
        BEAT,
        concurrency,
        RetryTimeout.STANDARD,
        Clock.systemUTC());
  }

  /**
   * The activities, with the usual timeouts.
   *
   * @param heartbeats called at the start of each activity, on its thread
   * @param beatEvery time between two heartbeats
   * @param concurrency maximum number of transfers in flight
   * @param clock says when a run was created
   */
  public Transfer(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      int concurrency,
      Clock clock) {
    this(servers, stores, heartbeats, beatEvery, concurrency, RetryTimeout.STANDARD, clock);
  }

  /**
   * The activities, with everything that can be set.
   *
   * @param heartbeats called at the start of each activity, on its thread
   * @param beatEvery time between two heartbeats
   * @param concurrency maximum number of transfers in flight
   * @param retryTimeout how long what fails is tried again while nothing gets through, before
   *     Temporal tries all of it again
   * @param clock says when a run was created
   */
  public Transfer(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      int concurrency,
      Duration retryTimeout,
      Clock clock) {
    this(servers, stores, heartbeats, beatEvery, () -> concurrency, retryTimeout, clock);
  }

  private Transfer(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      IntSupplier concurrency,
      Duration retryTimeout,
      Clock clock) {
    this.servers = servers;
    this.stores = stores;
    this.heartbeats = heartbeats;
    this.beatEvery = beatEvery;
    this.concurrency = concurrency;
    this.retryTimeout = retryTimeout;
    this.clock = clock;
  }

  @Override
  public ManifestRef makeManifest(ManifestOrder order) {
    return beating(Phase.DIGESTING, (progress, _) -> manifests().make(order, progress));
  }

  @Override
  public Optional<ManifestRef> findManifest(ManifestQuery query) {
    return beating(Phase.DIGESTING, (_, _) -> manifests().find(query));
  }

  @Override
  public CopyPreview previewCopy(ModelLocation source) {
    return beating(
        Phase.DIGESTING,
        (_, _) -> {
          Flights flights = flights();
          RetryTimeout again = flights.retry();
          MlflowServer server = servers.readerOf(source.workspace());
          ArtifactStore store = stores.at(server, source.artifactUri());
          List<ArtifactFile> files = again.call(store::list);
          new Manifests(servers, stores, flights).requireAll(server, source, store, files);
          long bytes = files.stream().mapToLong(Manifests::sizeOf).sum();
          String sample = FileCopy.sample(files, Manifests::sizeOf, ArtifactFile::path);
          return new CopyPreview(files.size(), bytes, again.call(() -> store.probeReads(sample)));
        });
  }

  @Override
  public CopyResult copy(CopyOrder order) {
    return beating(Phase.SENDING, (progress, attempt) -> of(order, attempt, progress).whole());
  }

  @Override
  public CopyPlan planCopy(CopyOrder order) {
    return beating(Phase.SENDING, (progress, attempt) -> of(order, attempt, progress).plan());
  }

  @Override
  public PartitionResult copyPartition(PartitionOrder order) {
    return beating(
        Phase.SENDING,
        (progress, attempt) -> {
          Partition partition = order.partition();
          CopyMethods methods =
              of(order.order(), attempt, progress).partition(order.model(), partition);
          return new PartitionResult(
              partition.files(), partition.bytes(), progress.sentBytes(), methods);
        });
  }

  @Override
  public CopyResult finishCopy(FinishOrder order) {
    return beating(
        Phase.READING_BACK,
        (progress, attempt) ->
            of(order.order(), attempt, progress)
                .finish(order.model(), order.sentBytes(), order.methods()));
  }

  @Override
  public DuplicatesRemoved removeCopyTwins(CopyDuplicates twins) {
    return new CopyRemains(servers, clock).remove(twins);
  }

  private ModelCopy of(CopyOrder order, int attempt, Progress progress) {
    return new ModelCopy(order, servers, stores, flights(), clock, attempt, progress);
  }

  private Manifests manifests() {
    return new Manifests(servers, stores, flights());
  }

  private Flights flights() {
    return new Flights(new Concurrency(concurrency.getAsInt()), new RetryTimeout(retryTimeout));
  }

  /** The attempt is read on the activity's own thread, like the heartbeat. */
  private <T> T beating(Phase phase, BiFunction<Progress, Integer, T> work) {
    Heartbeat heartbeat = heartbeats.get();
    Integer attempt = heartbeat.attempt();
    Progress progress = new Progress(phase, heartbeat.before());
    return LongWork.beating(heartbeat, beatEvery, progress, () -> work.apply(progress, attempt));
  }
}
