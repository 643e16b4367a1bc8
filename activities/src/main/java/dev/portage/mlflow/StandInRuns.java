package dev.portage.mlflow;

import dev.portage.candidate.ModelLocation;
import dev.portage.registry.Tags;
import dev.portage.tracking.TrainedRun;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs that stand for models that were logged outside of any run. One is found by the model's
 * address in its tags, so that all promotions and copies of the model use the same one. If two
 * workers made one each at the same time, the one made first stays.
 */
final class StandInRuns {
  /** When it was made, in milliseconds since 1970: its start time is that of the model. */
  private static final String MADE = "portage_made_at";

  private static final String NOTE = "mlflow.note.content";

  private static final Comparator<Run> FIRST_MADE =
      Comparator.comparingLong(StandInRuns::madeAt).thenComparing(Run::id);

  private final MlflowServer server;
  private final Clock clock;

  StandInRuns(MlflowServer server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  /** The model with the run that stands for it, which is made if there is none. */
  TrainedRun of(TrainedRun trained) {
    ModelLocation model = trained.model();
    if (model.hasRun()) {
      return trained;
    }
    String experiment =
        model.experimentId().isEmpty()
            ? server.experiments().namedOrNew(trained.experiment()).id()
            : model.experimentId();
    Optional<LoggedModel> logged =
        Optional.ofNullable(model.modelId()).flatMap(server.loggedModels()::find);
    Run run = keepFirst(experiment, model).orElse(null);
    if (run == null) {
      Run made = made(experiment, trained, logged);
      // A search may lag behind: what was just made is known by its id.
      run = keepFirst(experiment, model).orElse(made);
    }
    if (!run.isFinished()) {
      fill(run, logged);
    }
    return trained.inRun(
        model.inRun(experiment, run.id()), server.pages().run(experiment, run.id()));
  }

  private Run made(String experiment, TrainedRun trained, Optional<LoggedModel> logged) {
    ModelLocation model = trained.model();
    Map<String, String> tags = new LinkedHashMap<>(logged.map(LoggedModel::tags).orElse(Map.of()));
    tags.keySet().removeIf(key -> key.startsWith("portage_"));
    tags.put(Tags.KEY, keyOf(model));
    tags.put(MADE, String.valueOf(clock.millis()));
    tags.put(
        NOTE,
        "Portage created this run to stand in for the model "
            + model.source()
            + ", of which no run of this workspace is known. It trained nothing: its params,"
            + " metrics and tags are those of the logged model.");
    return server
        .runs()
        .create(
            experiment,
            trained.runName(),
            logged.map(LoggedModel::createdAt).orElse(clock.millis()),
            tags);
  }

  /** Each step may be repeated without harm; whether it has ended says that all are done. */
  private void fill(Run run, Optional<LoggedModel> logged) {
    logged.ifPresent(model -> {
      server.runs().params(run.id(), model.params());
      server.runs().metrics(run.id(), model.metrics());
    });
    server.runs().end(run.id(), "FINISHED", run.startTime());
  }

  private Optional<Run> keepFirst(String experiment, ModelLocation model) {
    List<Run> found =
        server.runs().withTag(List.of(experiment), Tags.KEY, keyOf(model)).stream()
            .sorted(FIRST_MADE)
            .toList();
    found.stream().skip(1).forEach(twin -> server.runs().delete(twin.id()));
    return found.stream().findFirst();
  }

  private static String keyOf(ModelLocation model) {
    return "run of " + model.artifactUri();
  }

  private static long madeAt(Run run) {
    String made = run.tags().getOrDefault(MADE, "");
    return made.matches("\\d{1,18}") ? Long.parseLong(made) : Long.MAX_VALUE;
  }
}
