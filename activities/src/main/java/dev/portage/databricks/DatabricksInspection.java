package dev.portage.databricks;

import com.databricks.sdk.service.sql.EndpointInfo;
import com.databricks.sdk.service.sql.State;
import dev.portage.failure.FailureKind;
import dev.portage.http.DatabricksWords;
import dev.portage.http.HttpAnswer;
import dev.portage.job.TeamJobNeeds;
import dev.portage.job.WheelNeeds;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Inspects a Databricks workspace without changing anything: login, identity, rights on jobs, pool,
 * runtime and warehouse. The MLflow packages inspect the registry.
 */
public final class DatabricksInspection {
  /** Which workspace answered; sent with every answer of the REST API. */
  private static final String WORKSPACE_ID = "x-databricks-org-id";

  /** Needs a login but no right, and exists in every workspace. */
  private static final String FOR_ANYBODY = "/api/2.1/clusters/spark-versions";

  private final DatabricksClients clients;

  /** Inspections of these workspaces. */
  public DatabricksInspection(DatabricksClients clients) {
    this.clients = clients;
  }

  /**
   * Looks at what is needed.
   *
   * @throws ApplicationFailure the platform's, when the workspace does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    return new Look(clients.of(needs.workspace()), needs).report();
  }

  /** One look at one workspace. */
  private static final class Look {
    private final DatabricksApi api;
    private final DatabricksWorkspace workspace;
    private final WorkspaceNeeds needs;
    private final List<Finding> findings = new ArrayList<>();

    Look(DatabricksApi api, WorkspaceNeeds needs) {
      this.api = api;
      this.workspace = api.workspace();
      this.needs = needs;
    }

    WorkspaceReport report() {
      String tried = "identify the login";
      HttpAnswer me = api.probe(tried, "GET", Me.PATH, null);
      // Not every workspace shows a login its name, so a refusal proves nothing.
      HttpAnswer known = me.isSuccess() ? me : api.probe(tried, "GET", FOR_ANYBODY, null);
      Optional<Finding> refused = refusedLogin(known);
      if (refused.isPresent()) {
        return new WorkspaceReport(needs.workspace(), null, List.of(refused.get()));
      }
      Me login = Me.of(me);
      String id = known.headers().get(WORKSPACE_ID);
      String identity = id == null || id.isBlank() ? workspace.host().toString() : id;
      ok("login", login.name() + " at " + workspace.host() + " (workspace " + identity + ")");
      look(login);
      return new WorkspaceReport(needs.workspace(), identity, findings);
    }

    private void look(Me login) {
      RightProbes probes = new RightProbes(api, login);
      boolean jobs = needs.rights().contains(Right.RUN_JOBS);
      boolean manages = needs.rights().contains(Right.MANAGE_JOBS);
      if (jobs) {
        findings.add(probes.runJobs());
      }
      if (manages) {
        Finding making = probes.manageJobs();
        findings.add(making);
        if (making.verdict() != Finding.Verdict.LACK && needs.model() == null) {
          // The doctor inspects everything; a promotion only what it uses.
          findings.addAll(new ScoringJobRights(api, login).look());
        }
      }
      if (jobs || manages || needs.rights().contains(Right.USE_POOL)) {
        findings.addAll(new ComputeCheck(api, login).look(words()));
      }
      List<String> named = needs.named();
      if (named != null) {
        findings.addAll(new ComputeCheck(api, login).lookAt(named));
      }
      if (jobs || manages) {
        new GitLook(api, login).look(needs.ahead()).ifPresent(findings::add);
      }
      if (needs.experiment() != null || needs.model() == null) {
        String experiment = needs.experiment();
        new FolderLook(api, login)
            .look(experiment == null ? workspace.experiments() : experiment)
            .ifPresent(findings::add);
      }
      List<TeamJobNeeds> theirs = needs.jobs();
      if (theirs != null) {
        findings.addAll(new TeamJobCheck(api, login).look(theirs));
      }
      List<String> secrets = needs.secrets();
      if (secrets != null) {
        findings.addAll(
            new SecretLook(api, login, "promotion.yaml")
                .look("secrets of serve.environment", secrets));
      }
      if (needs.rights().contains(Right.SERVE_MODELS)) {
        String endpoint = needs.endpoint();
        EndpointRights rights = new EndpointRights(api, login);
        String served = needs.model();
        if (endpoint != null) {
          findings.addAll(rights.of(endpoint, served == null ? "" : served));
          new OfferedSizes(api).look(needs.size()).ifPresent(findings::add);
        } else if (served == null) {
          findings.addAll(rights.look());
        }
      }
      List<WheelNeeds> wheels = needs.wheels();
      if (wheels != null) {
        findings.addAll(new WheelLook(api, login).look(wheels));
      }
      String table = needs.table();
      String model = needs.model();
      if (table != null
          && model != null
          && needs.rehearses() == null
          && !Finding.anyFailed(findings)) {
        new SharedTable(api).look(table, model).ifPresent(findings::add);
      }
      if (needs.rights().contains(Right.QUERY_TABLES)) {
        lookAtWarehouse(login);
      } else if (needs.rehearses() != null) {
        int before = findings.size();
        lookAtWarehouse(login);
        if (!needs.rehearses()) {
          findings.subList(before, findings.size()).replaceAll(Look::noted);
        }
      }
    }

    /** If something is missing for an optional rehearsal, there simply is none. */
    private static Finding noted(Finding found) {
      return found.verdict() == Finding.Verdict.LACK
          ? new Finding(
              found.where(),
              found.what(),
              Finding.Verdict.NOTE,
              found.text() + "; so scoring is not rehearsed here",
              found.remedy())
          : found;
    }

    /** A promotion checks its own words; the doctor checks all. */
    private Collection<@Nullable String> words() {
      List<String> named = needs.compute();
      if (named != null) {
        return new ArrayList<>(named);
      }
      return needs.model() == null
          ? new ArrayList<>(new TreeSet<>(workspace.compute().keySet()))
          : Collections.singletonList(null);
    }

    private void lookAtWarehouse(Me login) {
      String wanted = workspace.warehouse();
      String what = wanted == null ? "SQL warehouse" : "SQL warehouse " + wanted;
      orLack(
          what,
          () -> {
            List<EndpointInfo> all = new Warehouses(api).all();
            Optional<EndpointInfo> chosen = Warehouses.chosen(all, wanted);
            if (chosen.isEmpty()) {
              lack(
                  what,
                  Warehouses.lack(all, wanted),
                  "Name an existing one; or, if it is hidden from the login: "
                      + login.grantPermission("warehouses", null, "CAN_USE"));
              return;
            }
            // A statement would start a stopped one, which costs money and minutes.
            ok(
                what,
                (wanted == null ? chosen.get().getName() + " is chosen, " : "")
                    + (chosen.get().getState() == State.RUNNING
                        ? "running"
                        : "not running; it starts when it is used"));
          });
    }

    private Optional<Finding> refusedLogin(HttpAnswer answer) {
      if (DatabricksWords.refuseToken(answer)) {
        return Optional.of(
            Finding.failed(
                workspace.where(),
                "login",
                workspace.credential().remedy() == null
                    ? "wrong or expired token: " + RightProbes.said(answer)
                    : workspace.login() + " is not let in: " + RightProbes.said(answer),
                workspace.renew()));
      }
      if (answer.isSuccess() && answer.json().isObject()) {
        return Optional.empty();
      }
      ApplicationFailure failure = RightProbes.failure(api, "identify the login", answer);
      if (failure.getType().equals(FailureKind.PLATFORM.type())) {
        throw failure;
      }
      return Optional.of(
          Finding.failed(
              workspace.where(),
              "login",
              RightProbes.said(answer),
              "Check that " + workspace.host() + " is the right Databricks workspace."));
    }

    /**
     * What the user has to fix becomes a finding; a workspace that does not answer stays a failure.
     */
    private void orLack(String what, Runnable look) {
      try {
        look.run();
      } catch (ApplicationFailure failure) {
        findings.add(Finding.failed(workspace.where(), what, failure));
      }
    }

    private void ok(String what, String text) {
      findings.add(Finding.ok(workspace.where(), what, text));
    }

    private void lack(String what, String text, String remedy) {
      findings.add(Finding.failed(workspace.where(), what, text, remedy));
    }
  }
}
