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
 * Stores the previous settings of jobs as artifacts of MLflow runs, one run per change, in a
 * separate experiment of the same workspace. A run is found by the key of the change.
 */
final class UndoRuns implements UndoStore {

  static final String EXPERIMENT = "/Shared/portage-jobs";

  private static final String FILE = "job-before.json";
  private static final Pattern KEPT = Pattern.compile("runs:/([A-Za-z0-9_-]{1,64})/" + FILE);

  /** Settings of a job are far smaller. */
  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final MlflowServers servers;
  private final ArtifactStores stores;
  private final IntSupplier attempts;

  UndoRuns(MlflowServers servers, ArtifactStores stores) {
    this(servers, stores, () -> AttemptAge.here().attempt());
  }

  /**
   * Keeps them on these servers.
   *
   * @param attempts which attempt of an activity runs
   */
  UndoRuns(MlflowServers servers, ArtifactStores stores, IntSupplier attempts) {
    this.attempts = attempts;
    this.servers = servers;
    this.stores = stores;
  }

  @Override
  public String put(String workspace, String key, String json) {
    MlflowServer server = servers.of(workspace);
    Run run = runOf(server, key);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    stores
        .at(server, run.artifactUri())
        .write(FILE, bytes.length, stream -> stream.write(bytes, bytes.length));
    server.runs().end(run.id(), "FINISHED", null);
    return uri(run);
  }

  /** Two created at once are equally good; a change stores its settings in either. */
  private Run runOf(MlflowServer server, String key) {
    String experiment = server.experiments().namedOrNew(EXPERIMENT).id();
    Optional<Run> known = of(server, experiment, key).stream().findFirst();
    if (known.isPresent()) {
      return known.get();
    }
    Map<String, String> tags = new HashMap<>(LostResponse.tags(attempts.getAsInt(), Instant.now()));
    tags.put(Tags.KEY, key);
    return server.runs().create(experiment, "job before " + key, null, tags);
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
    List<Run> made = of(server, experiment.get().id(), key);
    Matcher kept = KEPT.matcher(uri == null ? "" : uri);
    String id = kept.matches() ? kept.group(1) : made.isEmpty() ? null : made.getFirst().id();
    Duration mayCome = null;
    List<String> removed = new ArrayList<>();
    for (Run run : made) {
      mayCome = LostResponse.longer(mayCome, LostResponse.left(run.tags(), Instant.now()));
      if (!run.id().equals(id)) {
        server.runs().delete(run.id());
        removed.add(
            LostResponse.removed("run " + run.id() + " in " + EXPERIMENT + " of " + workspace));
      }
    }
    return new DuplicatesRemoved(removed, mayCome);
  }

  @Override
  public String get(String workspace, String uri) {
    MlflowServer server = servers.of(workspace);
    String tried = "read a job's previous settings";
    Matcher kept = KEPT.matcher(uri);
    if (!kept.matches()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          uri + " is not where Portage saves settings",
          "Restore the job by hand.");
    }
    Run run = server.runs().get(String.valueOf(kept.group(1)));
    return stores.at(server, run.artifactUri()).read(FILE, stream -> text(server, tried, stream));
  }

  /** A run without an end may have no file: its attempt was cut off before it wrote one. */
  @Override
  public Optional<String> find(String workspace, String key) {
    MlflowServer server = servers.of(workspace);
    Optional<Experiment> experiment = server.experiments().named(EXPERIMENT);
    return experiment.isEmpty()
        ? Optional.empty()
        : of(server, experiment.get().id(), key).stream()
            .filter(run -> run.status().equals("FINISHED"))
            .findFirst()
            .map(run -> get(workspace, uri(run)));
  }

  private static String uri(Run run) {
    return "runs:/" + run.id() + "/" + FILE;
  }

  private static String text(MlflowServer server, String tried, ArtifactSource.Stream stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      if (bytes.size() + read > MOST_BYTES) {
        throw server.failure(
            FailureKind.USER,
            tried,
            "the file is longer than " + MOST_BYTES + " bytes",
            "Restore the job by hand.");
      }
      bytes.write(buffer, 0, read);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
