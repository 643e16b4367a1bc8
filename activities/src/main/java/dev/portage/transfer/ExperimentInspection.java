package dev.portage.transfer;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.Experiment;
import dev.portage.mlflow.ExperimentFolders;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.Run;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Inspects the experiment that copies go to, without changing anything: whether it exists or can be
 * created, whether the login may write to it, and whether its runs' artifacts can be reached.
 */
public final class ExperimentInspection {
  /** A run that no server has: its artifacts would be where a real one's of the experiment are. */
  private static final String NO_RUN = "0".repeat(32);

  private static final String SERVED = "mlflow-artifacts:";
  private static final String DEFAULT = "0";

  private final MlflowServers servers;
  private final ArtifactStores stores;

  /** Looks at these servers. */
  public ExperimentInspection(MlflowServers servers, ArtifactStores stores) {
    this.servers = servers;
    this.stores = stores;
  }

  /**
   * Looks at what is needed.
   *
   * @throws ApplicationFailure the platform's, when the server does not answer
   */
  public WorkspaceReport inspect(WorkspaceNeeds needs) {
    MlflowServer server = servers.of(needs.workspace());
    String experiment = needs.experiment();
    return new WorkspaceReport(
        needs.workspace(),
        server.base().toString(),
        experiment == null
            ? List.of()
            : new Look(server, experiment, needs.rights().contains(Right.WRITE_REGISTRY)).all());
  }

  /** One look at one experiment. */
  private final class Look {
    private final MlflowServer server;
    private final String name;
    private final boolean writes;
    private final String where;
    private final String what;
    private final List<Finding> findings = new ArrayList<>();

    Look(MlflowServer server, String name, boolean writes) {
      this.server = server;
      this.name = name;
      this.writes = writes;
      this.where = "workspace " + server.workspace();
      this.what = "experiment " + name;
    }

    List<Finding> all() {
      Experiment experiment = asked(() -> server.experiments().named(name).orElse(null));
      if (!findings.isEmpty()) {
        return findings;
      }
      if (experiment == null) {
        asked(this::toBeMade);
      } else if (!experiment.active()) {
        lack(
            "use " + what + ": it is deleted",
            "Restore it with: mlflow experiments restore --experiment-id "
                + experiment.id()
                + "; or name another one in promotion.yaml.");
      } else {
        look(experiment);
      }
      return findings;
    }

    private void look(Experiment experiment) {
      ok("exists, id " + experiment.id());
      if (writes) {
        lookAtWriting(experiment);
      }
      lookAtArtifacts(experiment);
    }

    /** What is to be made later; where that can be seen to fail, it is a lack now. */
    private @Nullable Finding toBeMade() {
      Optional<ExperimentFolders> folders = server.folders();
      if (folders.isEmpty()) {
        ok("does not exist yet; the first promotion creates it");
        lookAtNewRoot();
        return null;
      }
      String path = folders.get().path(name);
      String parent = ExperimentFolders.parent(path);
      String type = folders.get().typeAt(path).orElse("");
      if (!type.isEmpty()) {
        return lack(
            type.equals(ExperimentFolders.EXPERIMENT)
                ? "it exists, but the login can't see it"
                : "that is the name of a " + type + ", so no experiment can use it",
            "Name another experiment in promotion.yaml, or give the login access to this one.");
      }
      String above = parent.equals("/") ? "DIRECTORY" : folders.get().typeAt(parent).orElse("?");
      if (above.isEmpty() && belongsToSomebody(parent) && !homeIsThere(folders.get(), parent)) {
        return lack(
            "there is no folder "
                + homeOf(parent)
                + ", and only Databricks itself creates such folders",
            "Name another experiment in promotion.yaml, for example below /Shared.");
      }
      if (!above.isEmpty() && !above.equals("DIRECTORY") && !above.equals("?")) {
        return lack(
            parent + " is a " + above + ", which can't contain experiments",
            "Name another experiment in promotion.yaml.");
      }
      ok(
          "does not exist yet; the first promotion creates it"
              + (above.isEmpty() ? ", and its folder " + parent : ""));
      return null;
    }

    /** Folders that belong to a person or a repository come with that. */
    private static boolean belongsToSomebody(String folder) {
      return folder.startsWith("/Users/") || folder.startsWith("/Repos/");
    }

    private static boolean homeIsThere(ExperimentFolders folders, String folder) {
      return !folders.typeAt(homeOf(folder)).orElse("?").isEmpty();
    }

    /** The folder of the person or repository that contains a folder. */
    private static String homeOf(String folder) {
      return folder.replaceFirst("^(/[^/]+/[^/]+).*$", "$1");
    }

    /** A new one gets the root that the server gives, perhaps still that of the first. */
    private void lookAtNewRoot() {
      HttpAnswer answer =
          server.ask(
              "read the server's default experiment",
              "experiments/get",
              Map.of("experiment_id", DEFAULT));
      String root =
          answer.isSuccess()
              ? answer.json().path("experiment").path("artifact_location").asText()
              : "";
      Problem problem = root.isEmpty() ? null : objection(root);
      if (problem != null) {
        findings.add(
            new Finding(
                where,
                "artifacts of " + what,
                Verdict.NOTE,
                "if the server stores them like its default experiment's, at "
                    + root
                    + ", no copy can reach them: "
                    + problem.cameBack(),
                "mlflow server --serve-artifacts --artifacts-destination …"));
      }
    }

    private void lookAtWriting(Experiment experiment) {
      asked(() -> {
        server.runs().requireWrites(experiment.id(), "check whether " + what + " may be written");
        return null;
      });
    }

    private void lookAtArtifacts(Experiment experiment) {
      String root = experiment.artifactRoot();
      if (root.isEmpty()) {
        return;
      }
      Problem problem = objection(root);
      if (problem == null && !root.startsWith(SERVED)) {
        problem = probed(experiment);
      }
      if (problem == null) {
        return;
      }
      findings.add(
          Finding.failed(
              where,
              "artifacts of " + what,
              "they are at " + root + ": " + problem.cameBack(),
              "An experiment's artifact location is permanent. Name another experiment, in promotion.yaml (experiment) or with experiments in the platform file; a new one gets the server's current location. The server must serve its artifacts (mlflow server --serve-artifacts) or sign URLs."));
    }

    /** What is wrong with a root, as far as its URL and the server show. */
    private @Nullable Problem objection(String root) {
      try {
        ArtifactStore store =
            stores.at(server, root.replaceAll("/+$", "") + "/" + NO_RUN + "/artifacts");
        if (root.startsWith(SERVED)) {
          store.list();
        }
        return null;
      } catch (ApplicationFailure failure) {
        return problemOf(failure);
      }
    }

    /** Requests a grant to write, and writes nothing; that would need a run. */
    private @Nullable Problem probed(Experiment experiment) {
      try {
        Optional<Run> run = server.runs().anyOf(experiment.id());
        if (run.isPresent()) {
          stores.at(server, run.get().artifactUri()).probeWrites();
        }
        return null;
      } catch (ApplicationFailure failure) {
        return problemOf(failure);
      }
    }

    private static @Nullable Problem problemOf(ApplicationFailure failure) {
      if (failure.getType().equals(FailureKind.PLATFORM.type())) {
        throw failure;
      }
      Problem problem = failure.getDetails().get(Problem.class);
      // There is no such run, so there need be no such folder.
      return problem.cameBack().startsWith("404") ? null : problem;
    }

    /** What the user has to fix becomes a finding. */
    private <T> @Nullable T asked(Supplier<@Nullable T> ask) {
      try {
        return ask.get();
      } catch (ApplicationFailure failure) {
        findings.add(Finding.failed(where, what, failure));
        return null;
      }
    }

    private void ok(String text) {
      findings.add(Finding.ok(where, what, text));
    }

    private Finding lack(String text, String remedy) {
      Finding finding = Finding.failed(where, what, text, remedy);
      findings.add(finding);
      return finding;
    }
  }
}
