package dev.portage.localworkspace.conformance;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.jobs.BaseJob;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.Job;
import com.databricks.sdk.service.jobs.JobCluster;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.ResetJob;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.RunTask;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.sql.ColumnInfo;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.StatementParameterListItem;
import com.databricks.sdk.service.sql.StatementResponse;
import dev.portage.localworkspace.Clients;
import dev.portage.localworkspace.conformance.Probe.Needs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What any Databricks workspace must do for the calls used here, seen through Databricks' own
 * client.
 */
final class Contract {
  private Contract() {}

  /** Every probe. */
  static List<Probe> all() {
    List<Probe> all = new ArrayList<>(PROBES);
    all.addAll(ArtifactContract.PROBES);
    return all;
  }

  private static final List<Probe> PROBES =
      List.of(
          new Probe(
              "a job that is not there",
              Needs.NOTHING,
              Map.of("error", "NotFound", "message", "Job 42 does not exist."),
              w -> refusal(() -> w.client().jobs().get(42L))),
          new Probe(
              "a run that is not there",
              Needs.NOTHING,
              Map.of("error", "ResourceDoesNotExist", "message", "Run 42 does not exist."),
              w -> refusal(() -> w.client().jobs().getRun(42L))),
          new Probe(
              "an idempotency token of 65 characters",
              Needs.CODE,
              Map.of("error", "InvalidParameterValue"),
              w -> kind(refusal(() -> submit(w, "succeeds", "x".repeat(65))))),
          new Probe(
              "a pool that is not there",
              Needs.NOTHING,
              Map.of("error", "InvalidParameterValue"),
              w -> kind(refusal(() -> w.client().jobs().create(withPool("no-such-pool"))))),
          new Probe(
              "a path that is no API",
              Needs.NOTHING,
              Map.of("error", "NotFound"),
              w ->
                  kind(
                      refusal(() ->
                          w.client()
                              .apiClient()
                              .execute(
                                  new com.databricks.sdk.core.http.Request(
                                      "GET", "/api/2.0/no-such-api"),
                                  Void.class)))),
          new Probe(
              "the same job made twice",
              Needs.NOTHING,
              Map.of("jobs of that name", "2", "tasks in the list", "none"),
              Contract::makeTwice),
          new Probe(
              "the defaults of a job, and its reset",
              Needs.NOTHING,
              Map.of(
                  "max_concurrent_runs", "1", "format", "MULTI_TASK", "tags after reset", "none"),
              Contract::defaults),
          new Probe(
              "a notebook that goes well",
              Needs.CODE,
              Map.of(
                  "job run", "TERMINATED SUCCESS",
                  "task run", "TERMINATED SUCCESS",
                  "code", "SUCCESS",
                  "exit value", "hello ana",
                  "commit", "the one asked for",
                  "output of the job run", "InvalidParameterValue",
                  "same token, after the end", "same run"),
              Contract::goesWell),
          new Probe(
              "a notebook that fails",
              Needs.CODE,
              Map.of(
                  "job run", "INTERNAL_ERROR FAILED",
                  "task run", "TERMINATED FAILED",
                  "code", "RUN_EXECUTION_ERROR",
                  "message", "Workload failed, see run output for details",
                  "error", "ValueError: no rows in diabetes",
                  "trace", "present"),
              Contract::fails),
          new Probe(
              "a notebook that is not there",
              Needs.CODE,
              Map.of("job run", "INTERNAL_ERROR FAILED", "code", "RESOURCE_NOT_FOUND"),
              w -> {
                Run run = end(w, submit(w, "no-such-notebook", null));
                return Map.of("job run", states(run), "code", code(run));
              }),
          new Probe(
              "a run that is cancelled",
              Needs.CODE,
              Map.of("job run", "TERMINATED CANCELED", "code", "USER_CANCELED", "stopped", "true"),
              w -> {
                long id = submit(w, "sleeps", null);
                w.client().jobs().cancelRun(id);
                Run run = end(w, id);
                return Map.of(
                    "job run", states(run),
                    "code", code(run),
                    "stopped", String.valueOf(run.getState().getUserCancelledOrTimedout()));
              }),
          new Probe(
              "a statement with a parameter",
              Needs.WAREHOUSE,
              Map.of(
                  "state",
                  "SUCCEEDED",
                  "columns",
                  "n BIGINT, s STRING",
                  "rows",
                  "[[7, it's]]",
                  "count",
                  "1"),
              Contract::select),
          new Probe(
              "a statement on a table that is not there",
              Needs.WAREHOUSE,
              Map.of(
                  "state", "FAILED", "code", "BAD_REQUEST", "message", "[TABLE_OR_VIEW_NOT_FOUND]"),
              Contract::noTable));

  private static Map<String, String> makeTwice(WorkspaceUnderTest w) {
    String name = "conformance-" + UUID.randomUUID();
    List<Long> ids = new ArrayList<>();
    try {
      ids.add(w.client().jobs().create(new CreateJob().setName(name)).getJobId());
      ids.add(w.client().jobs().create(new CreateJob().setName(name)).getJobId());
      int found = 0;
      String tasks = "none";
      for (BaseJob job : w.client().jobs().list(new ListJobsRequest().setName(name))) {
        found++;
        tasks = job.getSettings().getTasks() == null ? tasks : "some";
      }
      return Map.of("jobs of that name", Integer.toString(found), "tasks in the list", tasks);
    } finally {
      ids.forEach(w.client().jobs()::delete);
    }
  }

  private static Map<String, String> defaults(WorkspaceUnderTest w) {
    String name = "conformance-" + UUID.randomUUID();
    long id =
        w.client()
            .jobs()
            .create(new CreateJob().setName(name).setTags(Map.of("a", "b")))
            .getJobId();
    try {
      Job made = w.client().jobs().get(id);
      w.client()
          .jobs()
          .reset(new ResetJob().setJobId(id).setNewSettings(new JobSettings().setName(name)));
      Map<String, String> tags = w.client().jobs().get(id).getSettings().getTags();
      return Map.of(
          "max_concurrent_runs", String.valueOf(made.getSettings().getMaxConcurrentRuns()),
          "format", String.valueOf(made.getSettings().getFormat()),
          "tags after reset", tags == null || tags.isEmpty() ? "none" : tags.toString());
    } finally {
      w.client().jobs().delete(id);
    }
  }

  private static Map<String, String> goesWell(WorkspaceUnderTest w) {
    String token = UUID.randomUUID().toString();
    long id = submit(w, "succeeds", token);
    Run run = end(w, id);
    RunTask task = task(run);
    RunOutput output = w.client().jobs().getRunOutput(task.getRunId());
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("job run", states(run));
    seen.put(
        "task run", task.getState().getLifeCycleState() + " " + task.getState().getResultState());
    seen.put("code", code(run));
    seen.put("exit value", String.valueOf(output.getNotebookOutput().getResult()));
    String commit = Objects.requireNonNull(w.code()).getGitCommit();
    String used = run.getGitSource().getGitSnapshot().getUsedCommit();
    seen.put("commit", used.equals(commit) ? "the one asked for" : used);
    seen.put(
        "output of the job run",
        kind(refusal(() -> w.client().jobs().getRunOutput(id))).getOrDefault("error", ""));
    seen.put(
        "same token, after the end", submit(w, "succeeds", token) == id ? "same run" : "another");
    return seen;
  }

  private static Map<String, String> fails(WorkspaceUnderTest w) {
    Run run = end(w, submit(w, "fails", null));
    RunTask task = task(run);
    RunOutput output = w.client().jobs().getRunOutput(task.getRunId());
    return Map.of(
        "job run", states(run),
        "task run", task.getState().getLifeCycleState() + " " + task.getState().getResultState(),
        "code", code(run),
        "message", String.valueOf(task.getState().getStateMessage()),
        "error", String.valueOf(output.getError()),
        "trace", output.getErrorTrace() == null ? "absent" : "present");
  }

  private static Map<String, String> select(WorkspaceUnderTest w) {
    StatementResponse answer =
        w.client()
            .statementExecution()
            .executeStatement(
                new ExecuteStatementRequest()
                    .setWarehouseId(w.warehouse())
                    .setStatement("SELECT :n AS n, :s AS s")
                    .setWaitTimeout("50s")
                    .setParameters(
                        List.of(
                            new StatementParameterListItem()
                                .setName("n")
                                .setType("BIGINT")
                                .setValue("7"),
                            new StatementParameterListItem().setName("s").setValue("it's"))));
    List<String> columns = new ArrayList<>();
    for (ColumnInfo column : answer.getManifest().getSchema().getColumns()) {
      columns.add(column.getName() + " " + column.getTypeText());
    }
    return Map.of(
        "state", String.valueOf(answer.getStatus().getState()),
        "columns", String.join(", ", columns),
        "rows", String.valueOf(answer.getResult().getDataArray()),
        "count", String.valueOf(answer.getManifest().getTotalRowCount()));
  }

  private static Map<String, String> noTable(WorkspaceUnderTest w) {
    StatementResponse answer =
        w.client()
            .statementExecution()
            .executeStatement(
                new ExecuteStatementRequest()
                    .setWarehouseId(w.warehouse())
                    .setStatement("SELECT * FROM no_such_table_here")
                    .setWaitTimeout("50s"));
    String message = String.valueOf(answer.getStatus().getError().getMessage());
    return Map.of(
        "state", String.valueOf(answer.getStatus().getState()),
        "code", String.valueOf(answer.getStatus().getError().getErrorCode()),
        "message", message.substring(0, message.indexOf(']') + 1));
  }

  private static CreateJob withPool(String pool) {
    return new CreateJob()
        .setName("conformance")
        .setJobClusters(
            List.of(
                new JobCluster()
                    .setJobClusterKey("main")
                    .setNewCluster(
                        new ClusterSpec()
                            .setSparkVersion("16.4.x-scala2.12")
                            .setInstancePoolId(pool)
                            .setNumWorkers(1L))));
  }

  private static long submit(WorkspaceUnderTest w, String notebook, @Nullable String token) {
    SubmitRun run =
        new SubmitRun()
            .setRunName("conformance " + notebook)
            .setGitSource(w.code())
            .setTasks(
                List.of(
                    new SubmitTask()
                        .setTaskKey("main")
                        .setNotebookTask(
                            new NotebookTask()
                                .setNotebookPath(w.notebook(notebook))
                                .setSource(Source.GIT)
                                .setBaseParameters(Map.of("who", "ana")))));
    if (token != null) {
      run.setIdempotencyToken(token);
    }
    return w.client().jobs().submit(run).getResponse().getRunId();
  }

  private static Run end(WorkspaceUnderTest w, long id) {
    return Clients.awaitEnd(w.client(), id, w.timeout());
  }

  private static RunTask task(Run run) {
    return run.getTasks().iterator().next();
  }

  private static String states(Run run) {
    return run.getState().getLifeCycleState() + " " + run.getState().getResultState();
  }

  private static String code(Run run) {
    return String.valueOf(run.getStatus().getTerminationDetails().getCode());
  }

  /** A call that is refused. */
  @FunctionalInterface
  private interface Call {
    Object make() throws Exception;
  }

  private static Map<String, String> refusal(Call call) {
    try {
      return Map.of("error", "none: " + call.make());
    } catch (DatabricksError e) {
      return Map.of(
          "error", e.getClass().getSimpleName(), "message", String.valueOf(e.getMessage()));
    } catch (Exception e) {
      return Map.of("error", e.toString());
    }
  }

  /** Only the kind of refusal, where the wording is not part of the contract. */
  private static Map<String, String> kind(Map<String, String> refusal) {
    return Map.of("error", refusal.getOrDefault("error", ""));
  }
}
