package dev.portage.databricks;

import com.databricks.sdk.service.jobs.CancelRun;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.http.HttpAnswer;
import dev.portage.job.TeamJobNeeds;
import dev.portage.preflight.Finding;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Inspects the team's own jobs that a promotion is going to run, before it pays for anything:
 * whether each exists, may be run, accepts its parameters and can do what it is run for.
 */
final class TeamJobCheck {
  /** Kinds of tasks that can make an MLflow run. */
  private static final Set<String> MAKE_RUNS =
      Set.of(
          "notebook_task",
          "spark_python_task",
          "python_wheel_task",
          "python_operator_task",
          "spark_jar_task",
          "spark_submit_task",
          "run_job_task",
          "for_each_task",
          "ai_runtime_task",
          "gen_ai_compute_task",
          "clean_rooms_notebook_task");

  /**
   * What no run can come of, twice over: a token with one character more than it may have, and a
   * task that the job does not have.
   *
   * @see <a href="https://docs.databricks.com/api/workspace/jobs/runnow">run-now</a>
   */
  private static final String NO_RUN =
      "\"idempotency_token\":\"" + "x".repeat(65) + "\",\"only\":[\"portage-runs-no-task\"]";

  private final DatabricksApi api;
  private final Me login;
  private final TeamJobs jobs;

  TeamJobCheck(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
    this.jobs = new TeamJobs(api);
  }

  List<Finding> look(List<TeamJobNeeds> needs) {
    List<Finding> findings = new ArrayList<>();
    needs.forEach(need -> look(need, findings));
    return findings;
  }

  private void look(TeamJobNeeds need, List<Finding> findings) {
    String what = need.step() + ": job " + need.job();
    StoredJob job;
    try {
      job = jobs.one(need.job());
    } catch (ApplicationFailure failure) {
      findings.add(Finding.failed(where(), what, failure));
      return;
    }
    List<Finding> lacks = new ArrayList<>();
    addLacks(need, job, what, lacks);
    findings.addAll(lacks);
    if (!lacks.isEmpty()) {
      return;
    }
    String keeper = job.keeper();
    findings.add(
        Finding.ok(
            where(),
            what,
            "job "
                + job.id()
                + ", "
                + TeamJobs.code(job)
                + (keeper == null ? "" : ", " + keeper)
                + "; its settings stay as they are"));
    noteUnseen(need, JobTakes.of(job.settings()), what, findings);
  }

  private void addLacks(TeamJobNeeds need, StoredJob job, String what, List<Finding> lacks) {
    JobTakes takes = JobTakes.of(job.settings());
    List<String> notTaken =
        need.parameters().stream()
            .filter(name -> !takes.names().contains(name) && !takes.mayTakeOthers())
            .sorted()
            .toList();
    if (!notTaken.isEmpty()) {
      lacks.add(
          Finding.failed(
              where(),
              what,
              "it takes no parameter "
                  + notTaken.stream()
                      .map(name -> asked(name, takes))
                      .collect(Collectors.joining(" or "))
                  + "; it takes "
                  + TeamJobs.list(takes),
              "Correct "
                  + need.step()
                  + ".parameters in promotion.yaml, or add a job parameter of that name to job "
                  + job.id()
                  + "."));
    }
    if (need.purpose() == TeamJobNeeds.Purpose.SCORE
        && !takes.names().contains("model_version")
        && !takes.names().contains("model_uri")) {
      lacks.add(
          Finding.failed(
              where(),
              what,
              "it takes neither model_version nor model_uri, so it would score with the version"
                  + " that is champion now, not with the new one; it takes "
                  + TeamJobs.list(takes),
              "Add the job parameter model_version (or model_uri) to job "
                  + job.id()
                  + " and load that version, as mlflow.pyfunc.load_model(f\"models:/NAME/{version}\");"
                  + " an empty value may mean @champion."));
    }
    if (need.purpose() == TeamJobNeeds.Purpose.TRAIN && !canMakeRuns(job.settings())) {
      lacks.add(
          Finding.failed(
              where(),
              what,
              "none of its tasks can create an MLflow run with a model: " + kinds(job.settings()),
              "Name the job that trains."));
    }
    HttpAnswer answer =
        api.probe(
            "check whether job " + job.id() + " may be run",
            "POST",
            "/api/2.2/jobs/run-now",
            "{\"job_id\":" + job.id() + "," + NO_RUN + "}");
    JsonNode begun = answer.json().path("run_id");
    if (answer.isSuccess() && begun.canConvertToLong()) {
      // No workspace should accept it; if one does, the result is deleted at once.
      api.call(
          "cancel the probing run",
          () -> api.jobs().cancelRun(new CancelRun().setRunId(begun.longValue())));
    }
    if (DatabricksErrors.isForbidden(answer)) {
      lacks.add(
          Finding.failed(
              where(),
              what,
              login.name() + " may not run it: " + RightProbes.said(answer),
              "Someone who manages it can grant the permission: "
                  + login.grantPermission("jobs", Long.toString(job.id()), "CAN_MANAGE_RUN")));
    }
  }

  /** A name that is not taken, with the one that was probably meant. */
  private static String asked(String name, JobTakes takes) {
    String near = Nearest.question(name, takes.names());
    return near == null ? name : name + " (" + near + ")";
  }

  /** Only the notebook itself declares its widgets. */
  private void noteUnseen(TeamJobNeeds need, JobTakes takes, String what, List<Finding> findings) {
    List<String> unseen =
        need.parameters().stream().filter(name -> !takes.names().contains(name)).sorted().toList();
    if (!unseen.isEmpty()) {
      findings.add(
          new Finding(
              where(),
              what,
              Finding.Verdict.NOTE,
              "its settings do not show whether its notebooks have the widgets "
                  + String.join(", ", unseen),
              null));
    }
  }

  private static boolean canMakeRuns(JsonNode settings) {
    for (JsonNode task : settings.path("tasks")) {
      if (MAKE_RUNS.stream().anyMatch(task::has)) {
        return true;
      }
    }
    return false;
  }

  private static String kinds(JsonNode settings) {
    List<String> kinds = new ArrayList<>();
    settings
        .path("tasks")
        .forEach(task ->
            task.fieldNames()
                .forEachRemaining(field -> {
                  if (field.endsWith("_task") && !kinds.contains(field)) {
                    kinds.add(field);
                  }
                }));
    return kinds.isEmpty() ? "it has no tasks" : String.join(", ", kinds);
  }

  private String where() {
    return api.workspace().where();
  }
}
