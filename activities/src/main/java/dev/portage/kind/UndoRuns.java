package dev.portage.kind;

import dev.portage.attempt.AttemptAge;
import dev.portage.attempt.LostResponse;
import dev.portage.databricks.UndoStore;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.registry.Tags;
import dev.portage.store.ArtifactSource;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stores the previous settings of jobs and endpoints as artifacts of MLflow runs, one run per
 * change, in a separate experiment of the same workspace. A run is found by the key of the change.
 */
final class UndoRuns implements UndoStore {

  static final String EXPERIMENT = "/Shared/portage-jobs";

  private static final Pattern KEPT =
      Pattern.compile("runs:/([A-Za-z0-9_-]{1,64})/(job|endpoint)-before\\.json");

  /** Settings of a job are far smaller. */
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final IntSupplier attempts;
  private final String what;
  private final String file;

  UndoRuns(MlflowServers servers, ArtifactStores stores) {
    this(servers, stores, () -> AttemptAge.here().attempt());
  }

  /** The same for what endpoints serve. */
  static UndoRuns ofEndpoints(MlflowServers servers, ArtifactStores stores) {
    return new UndoRuns(servers, stores, () -> AttemptAge.here().attempt(), "endpoint");
  }

  /**
   * Keeps them on these servers.
   *
   * @param attempts which attempt of an activity runs
   */
  UndoRuns(MlflowServers servers, ArtifactStores stores, IntSupplier attempts) {
    this(servers, stores, attempts, "job");
  }

  private UndoRuns(
      MlflowServers servers, ArtifactStores stores, IntSupplier attempts, String what) {
    this.what = what;
    this.file = what + "-before.json";
    this.attempts = attempts;
    this.servers = servers;
    this.stores = stores;
  }

  @Override
  public String put(String workspace, String key, String json) {
    MlflowServer server = servers.of(workspace);
    String experiment = server.experiments().namedOrNew(EXPERIMENT).id();
    List<Run> known = of(server, experiment, key);
    for (Run run : known) {
      if (isWhole(run) && holds(server, run, json)) {
        return uri(run);
      }
    }
    Optional<Run> begun = known.stream().filter(one -> !isWhole(one)).findFirst();
    Run run = begun.isPresent() ? begun.get() : created(server, experiment, key);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    stores
        .at(server, run.artifactUri())
        .write(file, bytes.length, stream -> stream.write(bytes, bytes.length));
    server.runs().end(run.id(), "FINISHED", null);
    return uri(run);
  }

  private Run created(MlflowServer server, String experiment, String key) {
    Map<String, String> tags = new HashMap<>(LostResponse.tags(attempts.getAsInt(), Instant.now()));
    tags.put(Tags.KEY, key);
    return server.runs().create(experiment, what + " before " + key, null, tags);
  }

  private static List<Run> of(MlflowServer server, String experiment, String key) {
    return server.runs().withTag(List.of(experiment), Tags.KEY, key).stream()
        .sorted(Comparator.comparing(Run::id))
        .toList();
  }

  @Override
  public DuplicatesRemoved settle(String workspace, String key, @Nullable String uri) {
    MlflowServer server = servers.of(workspace);
    Optional<Experiment> experiment = server.experiments().named(EXPERIMENT);
    if (experiment.isEmpty()) {
      return DuplicatesRemoved.nothing();
    }
    Matcher kept = KEPT.matcher(uri == null ? "" : uri);
    List<Run> made = of(server, experiment.get().id(), key);
    if (made.isEmpty() && kept.matches()) {
      made = of(server, experiment.get().id(), keyOf(server, String.valueOf(kept.group(1)), key));
    }
    String id = kept.matches() ? kept.group(1) : made.isEmpty() ? null : best(made).id();
    Duration mayCome = null;
    List<String> removed = new ArrayList<>();
    for (Run run : made) {
      mayCome = LostResponse.longer(mayCome, LostResponse.left(run.tags(), Instant.now()));
      boolean mayCount = !kept.matches() && isWhole(run);
      if (!run.id().equals(id) && !mayCount) {
        server.runs().delete(run.id());
        removed.add(
            LostResponse.removed("run " + run.id() + " in " + EXPERIMENT + " of " + workspace));
      }
    }
    return new DuplicatesRemoved(removed, mayCome);
  }

  /** What a run is stored under, which is not always what the change is known by. */
  private static String keyOf(MlflowServer server, String run, String otherwise) {
    return server
        .runs()
        .find(run)
        .map(found -> found.tags().getOrDefault(Tags.KEY, otherwise))
        .orElse(otherwise);
  }

  /** What can't be read, since someone deleted its file, holds nothing. */
  private boolean holds(MlflowServer server, Run run, String json) {
    try {
      return read(server, run).equals(json);
    } catch (ApplicationFailure failure) {
      if (FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM) {
        throw failure;
      }
      return false;
    }
  }

  private static Run best(List<Run> made) {
    return made.stream().filter(UndoRuns::isWhole).findFirst().orElse(made.getFirst());
  }

  /** A run without an end may have no file: its attempt was cut off before it wrote one. */
  private static boolean isWhole(Run run) {
    return run.status().equals("FINISHED");
  }

  @Override
  public String get(String workspace, String uri) {
    MlflowServer server = servers.of(workspace);
    String tried = tried();
    Matcher kept = KEPT.matcher(uri);
    if (!kept.matches()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          uri + " is not where Portage saves settings",
          "Restore the " + what + " by hand.");
    }
    return read(server, server.runs().get(String.valueOf(kept.group(1))));
  }

  private String tried() {
    return "read the previous settings of a " + what;
  }

  private String read(MlflowServer server, Run run) {
    return stores.at(server, run.artifactUri()).read(file, stream -> text(server, tried(), stream));
  }

  @Override
  public Optional<String> find(String workspace, String key) {
    MlflowServer server = servers.of(workspace);
    Optional<Experiment> experiment = server.experiments().named(EXPERIMENT);
    return experiment.isEmpty()
        ? Optional.empty()
        : of(server, experiment.get().id(), key).stream()
            .filter(UndoRuns::isWhole)
            .findFirst()
            .map(run -> read(server, run));
  }

  private String uri(Run run) {
    return "runs:/" + run.id() + "/" + file;
  }

  private String text(MlflowServer server, String tried, ArtifactSource.Stream stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      if (bytes.size() + read > MOST_BYTES) {
        throw server.failure(
            FailureKind.USER,
            tried,
            "the file is longer than " + MOST_BYTES + " bytes",
            "Restore the " + what + " by hand.");
      }
      bytes.write(buffer, 0, read);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
