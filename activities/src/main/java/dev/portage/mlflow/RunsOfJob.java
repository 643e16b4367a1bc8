package dev.portage.mlflow;

import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.tracking.ExitValue;
import dev.portage.tracking.RunChoice;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one run with a model that a job run created, found by the tags that MLflow sets within a
 * Databricks job. A sweep leaves thousands of runs: they are read page by page, and only a few
 * individually.
 */
final class RunsOfJob {
  /** Tags of MLflow's Databricks context, {@code mlflow/utils/mlflow_tags.py}. */
  static final String JOB_ID = "mlflow.databricks.jobID";

  static final String JOB_RUN_ID = "mlflow.databricks.jobRunID";
  private static final String LOGGED = "mlflow.log-model.history";
  private static final String RETURN_ITS_ID =
      "Have exactly one run log a model, as by mlflow.sklearn.log_model; or return the id of the"
          + " right run from a notebook, as by dbutils.notebook.exit(json.dumps({\"run_id\":"
          + " run.info.run_id})); or start with --run-id.";

  private static final String CHOOSE =
      "Choose one in promotion.yaml, for example \"choose: lowest rmse\". ";

  /**
   * Runs whose artifacts are read. If there are more, only those that say they logged a model: a
   * folder uploaded by hand is not found among hundreds of runs.
   */
  private static final int LOOKED_AT = 50;

  private static final String CUT =
      "The notebook's exit value is truncated and names no run before the cut.";

  private static final Duration COUNTING = Duration.ofSeconds(8);

  private final MlflowServer server;
  private final RunRef jobRun;
  private final List<String> jobRunIds;
  private final Map<String, String> experiments = new HashMap<>();
  private final List<Run> candidates = new ArrayList<>();
  private final List<String> unfit = new ArrayList<>();
  private final List<String> nested = new ArrayList<>();
  private int nestedRuns;

  RunsOfJob(MlflowServer server, RunRef jobRun) {
    this.server = server;
    this.jobRun = jobRun;
    this.jobRunIds = idsOf(jobRun);
  }

  /**
   * Databricks names the task's run in its tag, and the job's run where a job has no tasks of its
   * own.
   */
  private static List<String> idsOf(RunRef jobRun) {
    Stream<Long> others = Stream.ofNullable(jobRun.otherTaskRuns()).flatMap(List::stream);
    return Stream.of(Stream.ofNullable(jobRun.taskRunId()), Stream.of(jobRun.runId()), others)
        .flatMap(ids -> ids)
        .map(String::valueOf)
        .distinct()
        .toList();
  }

  /** Whether a run carries the tags of a job run. */
  static boolean isOf(Run run, RunRef jobRun) {
    return isOf(run.tags(), jobRun);
  }

  /** Whether what has these tags was made within a job run. */
  static boolean isOf(Map<String, String> tags, RunRef jobRun) {
    String job = tags.get(JOB_ID);
    return idsOf(jobRun).contains(tags.get(JOB_RUN_ID))
        && (jobRun.jobId() == null || job == null || job.equals(String.valueOf(jobRun.jobId())));
  }

  /** Finds it; none or several is a user error that lists some of them and counts all. */
  TrainedRun one(RunSearch search, ExitValue exit) {
    server.experiments().active().forEach(e -> experiments.put(e.id(), e.name()));
    RunChoice choice = search.choice();
    if (choice != null) {
      return best(choice, search, exit);
    }
    boolean topLevelOnly = server.runs().search().canLeaveOutNested(experimentIds());
    for (String id : jobRunIds) {
      RunFilter filter = new RunFilter(JOB_RUN_ID, id, topLevelOnly);
      server.runs().search().search(experimentIds(), filter, this::sort, () -> true);
    }
    TrainedModels models = new TrainedModels(server);
    List<Run> toLookAt = toLookAt();
    Map<Run, List<ModelLocation>> withModel = new LinkedHashMap<>();
    for (Run run : toLookAt.subList(0, Math.min(LOOKED_AT, toLookAt.size()))) {
      List<ModelLocation> held = models.modelsOf(run);
      if (held.isEmpty()) {
        unfit.add(describe(run) + ": has no finished model");
      } else {
        withModel.put(run, held);
      }
    }
    int more = Math.max(0, toLookAt.size() - LOOKED_AT);
    if (withModel.size() == 1 && more == 0) {
      Run found = withModel.keySet().iterator().next();
      Run run = found.equals(candidates.getFirst()) ? found : server.runs().get(found.id());
      return TrainedModels.ofJob(models.trained(run, models.modelOf(run), search.metrics()));
    }
    if (!withModel.isEmpty() || more > 0) {
      throw several(List.copyOf(withModel.keySet()), withModel.size() + more, exit);
    }
    LoggedModel alone = outsideOfRuns(exit);
    if (alone == null) {
      throw none(exit);
    }
    return TrainedModels.ofJob(
        models.withoutRun(models.locationOf(alone), alone, alone.name(), search.metrics()));
  }

  /** The one model that the job logged outside of any run; null for none. */
  private @Nullable LoggedModel outsideOfRuns(ExitValue exit) {
    Map<String, LoggedModel> found = new LinkedHashMap<>();
    for (String id : jobRunIds) {
      for (LoggedModel model : server.loggedModels().withTag(experimentIds(), JOB_RUN_ID, id)) {
        if (model.sourceRunId().isEmpty() && model.isReady() && isOf(model.tags(), jobRun)) {
          found.put(model.id(), model);
        }
      }
    }
    if (found.size() > 1) {
      throw failure(
          "it logged several models outside of any run:\n    "
              + Listed.lines(
                  found.values().stream().map(m -> m.name() + " (models:/" + m.id() + ")").toList(),
                  found.size()),
          exit,
          "Return one of them from the notebook, as by dbutils.notebook.exit(\"models:/m-…\"), or"
              + " log the model within a run.");
    }
    return found.values().stream().findFirst().orElse(null);
  }

  /**
   * The best by a metric among the runs that hold a model. They are read in order from the best, so
   * that only a few of a sweep's thousands are.
   */
  private TrainedRun best(RunChoice choice, RunSearch search, ExitValue exit) {
    BestRuns runs = new BestRuns(choice);
    for (String id : jobRunIds) {
      RunFilter filter = new RunFilter(JOB_RUN_ID, id, false);
      server
          .runs()
          .search()
          .search(
              experimentIds(),
              filter,
              run -> {
                if (isOf(run, jobRun)) {
                  runs.add(run);
                }
              },
              () -> true);
    }
    TrainedModels models = new TrainedModels(server);
    for (String id : runs.fromTheBestOn()) {
      Run run = server.runs().get(id);
      if (!models.modelsOf(run).isEmpty()) {
        return TrainedModels.ofJob(models.trained(run, models.modelOf(run), search.metrics()));
      }
    }
    throw failure(
        runs.why(),
        exit,
        "Log the metric in the run that logs the model, or change \"choose: "
            + choice.text()
            + "\" in promotion.yaml. "
            + RETURN_ITS_ID);
  }

  private List<String> experimentIds() {
    return List.copyOf(experiments.keySet());
  }

  private void sort(Run run) {
    if (!isOf(run, jobRun)) {
      return;
    }
    if (RunFilter.isNested(run)) {
      nestedRuns++;
      if (nested.size() < LOOKED_AT) {
        nested.add(describe(run) + ": nested in another run");
      }
    } else if (!run.isFinished()) {
      unfit.add(describe(run) + ": status " + run.status());
    } else {
      // The first is mostly the one, and reading thousands of metrics again takes its time.
      candidates.add(candidates.isEmpty() ? run : run.withoutFacts());
    }
  }

  private List<Run> toLookAt() {
    if (candidates.size() <= LOOKED_AT) {
      return candidates;
    }
    List<Run> logged = new ArrayList<>();
    for (Run run : candidates) {
      if (run.outputs().isEmpty() && !run.tags().containsKey(LOGGED)) {
        unfit.add(describe(run) + ": logged no model");
      } else {
        logged.add(run);
      }
    }
    return logged;
  }

  private RuntimeException none(ExitValue exit) {
    boolean whole = nestedRuns > 0 || countNested();
    List<String> all = new ArrayList<>(unfit);
    all.addAll(nested);
    int number = unfit.size() + nestedRuns;
    return failure(
        number == 0
            ? "no run carries tag " + JOB_RUN_ID + " = " + String.join(" or ", jobRunIds)
            : "none of its runs can be promoted:\n    "
                + Listed.lines(all, number)
                + (whole ? "" : ", of which not all were counted"),
        exit,
        nestedRuns > 0 ? CHOOSE + RETURN_ITS_ID : RETURN_ITS_ID);
  }

  /** Goes through the nested ones too, but not for long: it is for a message alone. */
  private boolean countNested() {
    Set<String> sorted = new HashSet<>();
    long until = System.nanoTime() + COUNTING.toNanos();
    for (String id : jobRunIds) {
      boolean whole =
          server
              .runs()
              .search()
              .search(
                  experimentIds(),
                  new RunFilter(JOB_RUN_ID, id, false),
                  run -> {
                    if (RunFilter.isNested(run) && sorted.add(run.id())) {
                      sort(run);
                    }
                  },
                  () -> System.nanoTime() - until < 0);
      if (!whole) {
        return false;
      }
    }
    return true;
  }

  private RuntimeException several(List<Run> found, int number, ExitValue exit) {
    return failure(
        "several of its runs have a model:\n    "
            + Listed.lines(found.stream().map(this::describe).sorted().toList(), number),
        exit,
        CHOOSE + RETURN_ITS_ID);
  }

  private RuntimeException failure(String cameBack, ExitValue exit, String toDo) {
    return server.failure(
        FailureKind.USER,
        "find the MLflow run of job run " + jobRun.runId(),
        exit.wasCut() ? cameBack + "\n" + CUT : cameBack,
        toDo);
  }

  private String describe(Run run) {
    URI page = server.pages().run(run.experimentId(), run.id());
    return "run "
        + run.id()
        + " \""
        + Excerpt.name(run.name())
        + "\" in experiment "
        + experiments.getOrDefault(run.experimentId(), run.experimentId())
        + (page == null ? "" : " (" + page + ")");
  }
}
