package dev.portage.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.tracking.RunLabels;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds runs by what they are, never by being the newest; a deleted run is none. */
public final class MlflowTracking implements TrackingActivities {
  /** Tags of MLflow's Databricks context, {@code mlflow/utils/mlflow_tags.py}. */
  static final String JOB_ID = "mlflow.databricks.jobID";

  static final String JOB_RUN_ID = "mlflow.databricks.jobRunID";
  private static final String PARENT = "mlflow.parentRunId";
  private static final String RETURN_ITS_ID =
      "Return the run's id from the notebook, as by dbutils.notebook.exit(json.dumps({\"run_id\":"
          + " run.info.run_id})), or start with --run-id.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowServers servers;

  /** The activities over these servers. */
  public MlflowTracking(MlflowServers servers) {
    this.servers = servers;
  }

  @Override
  public TrainedRun findRun(RunSearch search) {
    MlflowServer server = servers.of(search.workspace());
    String id = search.runId() != null ? search.runId() : runIdOf(search.exitValue());
    if (id != null) {
      return byId(server, id);
    }
    RunRef jobRun = search.jobRun();
    if (jobRun == null) {
      throw server.failure(
          FailureKind.USER,
          "find the trained run",
          "neither a run id nor a notebook's run is known",
          "Start with --run-id.");
    }
    return byJobRun(server, jobRun);
  }

  @Override
  public void labelRun(RunLabels labels) {
    servers.of(labels.workspace()).runs().tag(labels.runId(), labels.tags());
  }

  private static TrainedRun byId(MlflowServer server, String id) {
    Run run = server.runs().get(id);
    requireFinished(server, run);
    TrainedModels models = new TrainedModels(server);
    return models.trained(run, models.modelOf(run));
  }

  /** Refuses what cannot become a candidate: a deleted run, or one that did not end well. */
  public static void requireFinished(MlflowServer server, Run run) {
    String tried = "use run " + run.id();
    if (!run.active()) {
      throw server.failure(
          FailureKind.USER, tried, "it is deleted", "Restore it, or name another run.");
    }
    if (!run.isFinished()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "its status is " + run.status(),
          "Only a run with status FINISHED can be promoted: end it, or name another run.");
    }
  }

  private static TrainedRun byJobRun(MlflowServer server, RunRef jobRun) {
    List<String> jobRunIds = idsOf(jobRun);
    List<String> experiments = server.experiments().active().stream().map(Experiment::id).toList();
    TrainedModels models = new TrainedModels(server);
    Map<Run, List<ModelLocation>> withModel = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (Run found : taggedWith(server, experiments, jobRunIds)) {
      String job = found.tags().get(JOB_ID);
      if (jobRun.jobId() != null && job != null && !job.equals(String.valueOf(jobRun.jobId()))) {
        continue;
      }
      if (found.tags().containsKey(PARENT)) {
        others.add(told(server, found) + ": nested in another run");
      } else if (!found.isFinished()) {
        others.add(told(server, found) + ": status " + found.status());
      } else {
        List<ModelLocation> held = models.modelsOf(found);
        if (held.isEmpty()) {
          others.add(told(server, found) + ": holds no finished model");
        } else {
          withModel.put(found, held);
        }
      }
    }
    if (withModel.size() == 1) {
      Run run = withModel.keySet().iterator().next();
      return models.trained(run, models.modelOf(run));
    }
    String tried = "find the MLflow run of job run " + jobRun.runId();
    if (withModel.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          others.isEmpty()
              ? "no run carries tag " + JOB_RUN_ID + " = " + String.join(" or ", jobRunIds)
              : "none of its runs can be promoted:\n    " + String.join("\n    ", others),
          RETURN_ITS_ID);
    }
    throw server.failure(
        FailureKind.USER,
        tried,
        "several of its runs hold a model:\n    "
            + withModel.keySet().stream()
                .map(run -> told(server, run))
                .sorted()
                .collect(Collectors.joining("\n    ")),
        RETURN_ITS_ID);
  }

  /**
   * Databricks names the task's run in its tag, and the job's run where a job has no tasks of its
   * own.
   */
  private static List<String> idsOf(RunRef jobRun) {
    return Stream.of(jobRun.taskRunId(), Long.valueOf(jobRun.runId()))
        .filter(Objects::nonNull)
        .map(String::valueOf)
        .distinct()
        .toList();
  }

  private static List<Run> taggedWith(
      MlflowServer server, List<String> experiments, List<String> jobRunIds) {
    return jobRunIds.stream()
        .flatMap(id -> server.runs().withTag(experiments, JOB_RUN_ID, id).stream())
        .toList();
  }

  private static String told(MlflowServer server, Run run) {
    URI page = server.pages().run(run.experimentId(), run.id());
    return "run "
        + run.id()
        + " \""
        + run.name()
        + "\" in experiment "
        + server.experiments().get(run.experimentId()).name()
        + (page == null ? "" : " (" + page + ")");
  }

  /** The run id that a notebook returned: alone, or as {@code run_id} of an object. */
  private static @Nullable String runIdOf(@Nullable String exitValue) {
    if (exitValue == null) {
      return null;
    }
    String text = exitValue.strip();
    if (text.matches("[0-9a-f]{32}")) {
      return text;
    }
    if (!text.startsWith("{") && !text.startsWith("\"")) {
      return null;
    }
    try {
      JsonNode json = JSON.readTree(text);
      JsonNode id = json.isTextual() ? json : json.path("run_id");
      boolean isId =
          id.isTextual()
              && (json.isObject() ? !id.asText().isBlank() : id.asText().matches("[0-9a-f]{32}"));
      return isId ? id.asText().strip() : null;
    } catch (JsonProcessingException e) {
      return null; // Notebooks may return what they like.
    }
  }
}
