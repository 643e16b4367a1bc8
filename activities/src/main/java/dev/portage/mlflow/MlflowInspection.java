package dev.portage.mlflow;

import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Inspects an MLflow server and its registry without changing anything. */
public final class MlflowInspection {
  /** No registered model has it, since names are not empty. */
  private static final String NO_NAME = "";

  /** Describes that there is no such registered model. */
  public static final String ABSENT = "does not exist yet; the first promotion creates it";

  private final MlflowServers servers;
  private final String registry;
  private final Registered registered;

  /** Inspections of these servers, with their own registries. */
  public MlflowInspection(MlflowServers servers) {
    this(servers, "", MlflowInspection::registered);
  }

  /**
   * Inspections of these servers, with another registry of the same calls.
   *
   * @param registry what its calls begin with, such as {@code unity-catalog/}
   * @param registered how to query a registered model
   */
  public MlflowInspection(MlflowServers servers, String registry, Registered registered) {
    this.servers = servers;
    this.registry = registry;
    this.registered = registered;
  }

  /** Reads a registered model from a registry. */
  @FunctionalInterface
  public interface Registered {
    /** What is known of it, in words. */
    String describe(MlflowServer server, String model);

    /** What to know before one that is not there yet is made; empty for nothing. */
    default Optional<Finding> beforeItIsMade(String where, MlflowServer server, String model) {
      return Optional.empty();
    }
  }

  private static String registered(MlflowServer server, String model) {
    return server.registeredModels().aliases(model).isPresent()
        ? versions(server.registeredModels().versions(model).size())
        : ABSENT;
  }

  /** Describes a registered model with that many versions. */
  public static String versions(int number) {
    return number + " versions";
  }

  /**
   * Looks at what is needed.
   *
   * @throws ApplicationFailure the platform's, when the server does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    return new Look(servers.of(needs.workspace()), needs).report();
  }

  /** One look at one server. */
  private final class Look {
    private final MlflowServer server;
    private final WorkspaceNeeds needs;
    private final String where;
    private final List<Finding> findings = new ArrayList<>();

    Look(MlflowServer server, WorkspaceNeeds needs) {
      this.server = server;
      this.needs = needs;
      this.where = "workspace " + server.workspace();
    }

    WorkspaceReport report() {
      boolean answers =
          look(
              "MLflow server",
              () -> {
                server.get(
                    "read the registry",
                    registry + "registered-models/search",
                    Map.of("max_results", "1"));
                return server.base() + " responds, its registry is readable";
              });
      if (!answers) {
        return new WorkspaceReport(needs.workspace(), null, findings);
      }
      if (server.logsInBeyondAscii()) {
        findings.add(
            new Finding(
                where,
                "login",
                Finding.Verdict.NOTE,
                "the user or password is not ASCII; MLflow 3 refuses such logins with 401 for artifacts",
                "use an ASCII user and password, unless a proxy in front of MLflow checks them"));
      }
      String model = needs.model();
      if (model != null) {
        look("registered model " + model, () -> registered.describe(server, model));
        if (needs.rights().contains(Right.WRITE_REGISTRY)
            && findings.getLast().text().equals(ABSENT)) {
          registered.beforeItIsMade(where, server, model).ifPresent(findings::add);
        }
      }
      if (needs.rights().contains(Right.WRITE_REGISTRY)) {
        lookAtWriting();
      }
      return new WorkspaceReport(needs.workspace(), server.base().toString(), findings);
    }

    /**
     * Requests a registered model without a name, which no server creates. A login without the
     * right gets 401 or 403; one with the right gets the error in the name.
     */
    private void lookAtWriting() {
      String tried = "check write access to the registry";
      String path = registry + "registered-models/create";
      HttpAnswer answer =
          server.send(tried, "POST", path, MlflowServer.object().put("name", NO_NAME));
      String what = "write the registry";
      if (answer.status() == 401 || answer.status() == 403) {
        look(what, () -> String.valueOf(server.good(tried, path, answer)));
      } else if (answer.status() >= 500) {
        server.good(tried, path, answer);
      } else {
        findings.add(Finding.ok(where, what, "the login may write to it"));
      }
    }

    /**
     * What the user has to fix becomes a finding; a server that does not answer stays a failure.
     */
    private boolean look(String what, Supplier<String> look) {
      try {
        findings.add(Finding.ok(where, what, look.get()));
        return true;
      } catch (ApplicationFailure failure) {
        findings.add(Finding.failed(where, what, failure));
        return false;
      }
    }
  }
}
