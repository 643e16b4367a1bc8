package dev.portage.databricks;

import com.databricks.sdk.service.jobs.QueueSettings;
import com.databricks.sdk.service.jobs.RunNow;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunRef;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.settings.JobParameters;
import dev.portage.settings.Work;
import dev.portage.text.Bounded;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Starts runs. Each start carries an idempotency token derived from our key, so the workspace
 * creates one run however often it is requested.
 */
final class RunStarts {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String DESCRIBED = " · ";

  /** Limit of each kind of parameters: docs.databricks.com/api/workspace/jobs/runnow */
  private static final int PARAMETER_BYTES = 10_000;

  private final DatabricksClients clients;

  RunStarts(DatabricksClients clients) {
    this.clients = clients;
  }

  /** Starts work once, or finds the run of the same key. */
  RunRef submit(NotebookOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    Work work = order.running();
    String tried = "start " + work.named();
    if (work instanceof Work.Defined file) {
      return submit(api, order, file, tried);
    }
    TaskCode code = TaskCode.of(order.source(), work, work.parameters());
    SubmitTask task =
        code.into(
            new SubmitTask()
                .setTaskKey(taskKey(work))
                .setDescription(description(order.key()))
                .setTimeoutSeconds(order.timeout().toSeconds()));
    SubmitRun submit =
        new SubmitRun()
            .setRunName(order.name())
            .setGitSource(Sources.git(order.source(), order.workspace()))
            .setTasks(List.of(task))
            .setTimeoutSeconds(order.timeout().toSeconds())
            .setQueue(new QueueSettings().setEnabled(true))
            .setIdempotencyToken(IdempotencyToken.of(order.key()));
    new Compute(api)
        .of(work.compute(), order.source(), runContext(order.tags()))
        .withWheel(code.wheelFile())
        .putOn(task, submit);
    Long runId = api.ask(tried, () -> api.jobs().submit(submit)).getRunId();
    return ref(api, order.workspace(), null, runId, tried);
  }

  private RunRef submit(DatabricksApi api, NotebookOrder order, Work.Defined file, String tried) {
    ObjectNode settings =
        new JobOfFile(api, file, order.source()).settings(Map.of(), order.timeout());
    ObjectNode run = RunOfFile.of(api, file, settings, description(order.key()));
    run.put("run_name", order.name());
    run.put("idempotency_token", IdempotencyToken.of(order.key()));
    JsonNode id = api.ask(tried, () -> api.send("/api/2.2/jobs/runs/submit", run)).path("run_id");
    return ref(api, order.workspace(), null, id.canConvertToLong() ? id.longValue() : null, tried);
  }

  /** Names the promotion and its step, by which a run is found whose promotion is gone. */
  private static String description(String key) {
    return Bounded.line(key.replace("#", DESCRIBED), 1_000);
  }

  /** The promotion that a task's description names; null if it names none. */
  static @Nullable String promotionIn(String description) {
    int end = description.indexOf(DESCRIBED);
    return end > 0 && description.startsWith("promotion/") ? description.substring(0, end) : null;
  }

  private static String taskKey(Work work) {
    return switch (work) {
      case Work.Notebook _ -> "notebook";
      case Work.Script _ -> "script";
      case Work.Wheel _ -> "wheel";
      case Work.Job _ -> "job";
      case Work.Defined _ -> "score";
    };
  }

  /** Runs a job, or finds the run of the same key. */
  RunRef run(ScoringRunOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    String tried = "run job " + order.jobId();
    Map<String, String> parameters = new TreeMap<>(order.parameters());
    RunNow runNow =
        new RunNow()
            .setJobId(order.jobId())
            .setQueue(new QueueSettings().setEnabled(true))
            .setIdempotencyToken(IdempotencyToken.of(order.key()));
    switch (order.work()) {
      case Work.Defined file -> give(runNow, JobParameters.of(file.read(), parameters));
      case Work.Script script -> runNow.setPythonParams(TaskCode.commandLine(script, parameters));
      case Work.Wheel wheel -> {
        // The entry point reads its command line in a promotion's run as in one of the schedule.
        List<String> line = TaskCode.commandLine(wheel, parameters);
        if (line == null) {
          runNow.setPythonNamedParams(parameters);
        } else {
          runNow.setPythonParams(line);
        }
      }
      // They override the task's base parameters of the same names; job_parameters would need
      // parameters of the job itself, which take away the task's own.
      case null, default -> runNow.setNotebookParams(parameters);
    }
    refuseLong(runNow, order.workspace(), tried);
    Long runId = api.ask(tried, () -> api.jobs().runNow(runNow)).getRunId();
    return ref(api, order.workspace(), order.jobId(), runId, tried);
  }

  private static void give(RunNow run, JobParameters parameters) {
    switch (parameters.way()) {
      case JOB -> run.setJobParameters(new TreeMap<>(parameters.named()));
      case NOTEBOOKS -> run.setNotebookParams(new TreeMap<>(parameters.named()));
      case NAMED -> run.setPythonNamedParams(new TreeMap<>(parameters.named()));
      case LINE -> run.setPythonParams(parameters.line());
      case NONE -> {
        // The reader of the file refuses one that passes no version.
      }
    }
  }

  /** Runs a job of the team's, or finds the run of the same key. */
  RunRef run(TeamJobRunOrder order) {
    DatabricksApi api = clients.of(order.workspace());
    String tried = "run job " + order.job();
    RunNow runNow = new TeamJobs(api).runNow(order);
    refuseLong(runNow, order.workspace(), tried);
    Long runId = api.ask(tried, () -> api.jobs().runNow(runNow)).getRunId();
    return ref(api, order.workspace(), runNow.getJobId(), runId, tried);
  }

  private static RunRef ref(
      DatabricksApi api,
      String workspace,
      @Nullable Long jobId,
      @Nullable Long runId,
      String tried) {
    if (runId == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.PLATFORM,
              tried,
              "workspace " + workspace,
              "the response names no run",
              "Portage retries; the same key finds the same run."));
    }
    return new RunRef(workspace, jobId, runId, RunReader.pageOf(RunWatch.page(api, runId)));
  }

  /**
   * Tags for the MLflow run, by the environment variable from which MLflow takes them.
   *
   * @see <a href="https://github.com/mlflow/mlflow/tree/master/mlflow/tracking/context">MLflow's
   *     run context providers</a>
   */
  private static Map<String, String> runContext(Map<String, String> tags) {
    if (tags.isEmpty()) {
      return Map.of();
    }
    // The workspace writes it into a shell script between single quotes.
    return Map.of("MLFLOW_RUN_CONTEXT", json(tags).replace("'", "\\u0027"));
  }

  private static void refuseLong(RunNow run, String workspace, String tried) {
    int bytes =
        Math.max(
            Math.max(
                bytes("notebook_params", run.getNotebookParams()),
                bytes("job_parameters", run.getJobParameters())),
            Math.max(
                bytes("python_params", run.getPythonParams()),
                bytes("python_named_params", run.getPythonNamedParams())));
    if (bytes > PARAMETER_BYTES) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              tried,
              "workspace " + workspace,
              "its parameters have " + bytes + " bytes; " + PARAMETER_BYTES + " are allowed",
              "Shorten the parameters in promotion.yaml."));
    }
  }

  private static int bytes(String field, @Nullable Object sent) {
    return sent == null ? 0 : json(Map.of(field, sent)).getBytes(StandardCharsets.UTF_8).length;
  }

  private static String json(Map<String, ?> map) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(map));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can always be written", e);
    }
  }
}
