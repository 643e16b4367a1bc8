package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.Verify;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Files of a model version that has its own, as in Unity Catalog: copied from the version's run or
 * logged model in the same workspace, by the engine of the copy. May be killed and called again at
 * any point.
 */
public final class VersionFiles {
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** The longest text that is read whole. A signature of some thousand columns is far smaller. */
  private static final int MOST_TEXT = 16 * 1024 * 1024;

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final Supplier<Heartbeat> heartbeats;
  private final Duration beatEvery;
  private final IntSupplier concurrency;
  private final Duration longest;

  /**
   * Files on these servers, with a heartbeat every 5 s.
   *
   * @param concurrency maximum number of transfers in flight; read at each use
   */
  public VersionFiles(MlflowServers servers, ArtifactStores stores, IntSupplier concurrency) {
    this(servers, stores, Heartbeat::ofActivity, BEAT, concurrency, RetryTimeout.STANDARD);
  }

  /**
   * As above, with everything that can be set.
   *
   * @param heartbeats called at the start of each activity, on its thread
   * @param beatEvery time between two heartbeats
   * @param longest how long what fails is tried again while nothing gets through, before Temporal
   *     tries all of it again
   */
  public VersionFiles(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      int concurrency,
      Duration longest) {
    this(servers, stores, heartbeats, beatEvery, () -> concurrency, longest);
  }

  private VersionFiles(
      MlflowServers servers,
      ArtifactStores stores,
      Supplier<Heartbeat> heartbeats,
      Duration beatEvery,
      IntSupplier concurrency,
      Duration longest) {
    this.servers = servers;
    this.stores = stores;
    this.heartbeats = heartbeats;
    this.beatEvery = beatEvery;
    this.concurrency = concurrency;
    this.longest = longest;
  }

  /** Does the work of an activity and heartbeats meanwhile. */
  public <T> T beating(Function<Filling, T> work) {
    // What another attempt read back may have been files of another version: it does not count.
    Progress progress = new Progress(Phase.SENDING);
    return LongWork.beating(
        heartbeats.get(), beatEvery, progress, () -> work.apply(new Filling(progress)));
  }

  private Flights flights() {
    return new Flights(new Concurrency(concurrency.getAsInt()), new RetryTimeout(longest));
  }

  /** What one activity does with files. */
  public final class Filling {
    private final Progress progress;
    private final Flights flights = flights();
    private final RetryTimeout retry = flights.retry();

    private Filling(Progress progress) {
      this.progress = progress;
    }

    /**
     * A small file of a model.
     *
     * @throws ApplicationFailure the user's, when it is not there or is not small
     */
    public String text(ModelLocation model, String name) {
      MlflowServer server = servers.of(model.workspace());
      String tried = "read file " + name + " of " + model.source();
      try {
        ArtifactStore files = stores.at(server, model.artifactUri());
        return retry.call(() ->
            files.<String>read(
                name, stream -> WholeFile.of(stream, MOST_TEXT).toString(StandardCharsets.UTF_8)));
      } catch (WrongBytes e) {
        throw server.failure(FailureKind.USER, tried, e.why(), "Log the model again.");
      } catch (ApplicationFailure e) {
        if (Integer.valueOf(404).equals(Failures.statusOf(e))) {
          throw server.failure(
              FailureKind.USER, tried, "there is no such file", "Log the model again.");
        }
        throw e;
      }
    }

    /** The manifest of this digest, as register or the copy left it in the model's run. */
    public Manifest manifest(ModelLocation model, String digest) {
      MlflowServer server = servers.of(model.workspace());
      return new Manifests(servers, stores, flights)
          .of(server, model.runId(), digest)
          .orElseThrow(() ->
              server.failure(
                  FailureKind.FATAL,
                  "read the manifest with digest " + digest,
                  "it is not among the artifacts of run " + model.runId(),
                  "Promote the version again."));
    }

    /**
     * Makes a version hold exactly the files of a manifest.
     *
     * @param version where its files go
     * @param name the version's own, below which uploads that are under way are kept
     * @throws ApplicationFailure the user's, if an obstacle can't be fixed
     */
    public void fill(
        ModelLocation model, Manifest manifest, ArtifactStore version, String name, Verify verify) {
      MlflowServer server = servers.of(model.workspace());
      ArtifactStore from = stores.at(server, model.artifactUri());
      Run run = retry.call(() -> server.runs().get(model.runId()));
      ArtifactStore kept = stores.at(server, run.artifactUri() + "/" + Uploads.FOLDER + "/" + name);
      Listed there = withoutExtra(server, version, manifest);
      TransferEnds ends =
          new TransferEnds(
              server,
              new RetriedReads(from, retry),
              retry.call(() -> from.probeReads(FileCopy.sample(manifest.files()))),
              server,
              version,
              retry.call(version::probeWrites),
              new Uploads(kept, new Seal(server)));
      new FileCopy(ends, verify, flights, progress)
          .carry(manifest.files(), there, () -> requireUnchanged(server, from, manifest));
      String difference = listed(version).difference(manifest.files());
      if (!difference.isEmpty()) {
        throw server.failure(
            FailureKind.PLATFORM,
            "compare the files of version " + name + " with the manifest",
            difference,
            "Portage sends missing files again; check what else writes there.");
      }
    }

    /**
     * How the files of a version differ from a manifest, as text; empty when they don't.
     *
     * @param verify how thoroughly that is checked
     */
    public String difference(Manifest manifest, ArtifactStore version, Verify verify) {
      String difference = listed(version).difference(manifest.files());
      if (!difference.isEmpty() || verify == Verify.SIZES) {
        return difference;
      }
      ReadBack readBack = new ReadBack(version, retry, progress);
      readBack.compare(manifest.files(), flights);
      return readBack.notRight(manifest.files()).values().stream()
          .map(WrongBytes::why)
          .findFirst()
          .orElse("");
    }

    private Listed listed(ArtifactStore store) {
      return new Listed(retry.call(store::list));
    }

    /** What another attempt, or another hand, left there goes. */
    private Listed withoutExtra(MlflowServer server, ArtifactStore version, Manifest manifest) {
      Listed there = listed(version);
      Set<String> extra = there.extraPaths(manifest.files());
      for (String path : extra) {
        if (!version.delete(path)) {
          throw server.failure(
              FailureKind.USER,
              "compare the version's files with the manifest",
              there.extra(manifest.files()) + ", and it can't be deleted",
              "Delete the version, then resume.");
        }
      }
      return extra.isEmpty() ? there : listed(version);
    }

    private void requireUnchanged(MlflowServer server, ArtifactStore from, Manifest manifest) {
      String difference = listed(from).difference(manifest.files());
      if (!difference.isEmpty()) {
        throw TransferEnds.changed(server, difference);
      }
    }
  }
}
