package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Carries a model's files and facts from one workspace to another, in memory that does not grow
 * with the model. May be killed and called again at any point: what is there already is looked at
 * first.
 */
public final class Transfer implements CopyActivities {
  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final int THREADS = 4;

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final Supplier<Heartbeat> heartbeats;
  private final Duration beatEvery;
  private final int threads;
  private final Clock clock;

  /** The activities over these servers, with 4 files in flight and a heartbeat every 10 s. */
  public Transfer(MlflowServers servers, ArtifactStores stores) {
    this(servers, stores, Heartbeat::ofActivity, BEAT, THREADS, Clock.systemUTC());
  }

  /**
   * The activities, with everything that can be set.
   *
   * @param heartbeats asked at the start of each activity, on its thread
   * @param beatEvery time between two heartbeats
   * @param threads files in flight at once
   * @param clock tells when a run was made
   */
  public Transfer(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      int threads,
      Clock clock) {
    this.servers = servers;
    this.stores = stores;
    this.heartbeats = heartbeats;
    this.beatEvery = beatEvery;
    this.threads = threads;
    this.clock = clock;
  }

  @Override
  public ManifestRef makeManifest(ManifestOrder order) {
    Progress progress = new Progress(Phase.DIGESTING);
    return LongWork.beating(
        heartbeats.get(),
        beatEvery,
        progress,
        () -> new Manifests(servers, stores, threads).make(order, progress));
  }

  @Override
  public CopyResult copy(CopyOrder order) {
    Progress progress = new Progress(Phase.SENDING);
    return LongWork.beating(heartbeats.get(), beatEvery, progress, () -> copy(order, progress));
  }

  private CopyResult copy(CopyOrder order, Progress progress) {
    MlflowServer source = servers.readerOf(order.source().workspace());
    MlflowServer target = servers.of(order.target());
    Manifests manifests = new Manifests(servers, stores, threads);
    Manifest manifest = manifests.of(order);
    Run original = source.runs().get(order.source().runId());

    TargetRuns targetRuns = new TargetRuns(target, clock);
    Run run = targetRuns.ofOrder(order, original);
    TargetModels targetModels = new TargetModels(source, target);
    ModelLocation model = targetModels.ofRun(run, order);
    new RunFacts(source, target).carry(original, run, model, order);

    Manifest readBack =
        new FileCopy(
                source,
                stores.at(source, order.source().artifactUri()),
                target,
                stores.at(target, model.artifactUri()),
                manifest,
                progress,
                threads)
            .carry();

    byte[] canonical = ManifestFormat.canonical(readBack);
    String digest = ManifestFormat.digest(canonical);
    manifests.keep(target, run, canonical, digest);
    targetModels.finish(model);
    targetRuns.finish(run, original);
    return new CopyResult(
        model,
        digest,
        readBack.files().size(),
        readBack.bytes(),
        progress.sentBytes(),
        target.pages().run(run.experimentId(), run.id()));
  }
}
