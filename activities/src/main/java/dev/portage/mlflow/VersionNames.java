package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import dev.portage.registry.Marking;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds a version by a name that points at it: an alias, or one of the older stages. */
public final class VersionNames {
  private static final Set<String> STAGES = Set.of("Staging", "Production", "Archived");

  /** Why a model has nothing that could be named. */
  public static final String NO_VERSIONS = "the registered model has no versions";

  /** What to do about it. */
  public static final String VERSION_FIRST =
      "Register a version of it first; or promote one to this workspace: portage start FILE";

  private final MlflowServer server;

  VersionNames(MlflowServer server) {
    this.server = server;
  }

  /**
   * The one version by that name.
   *
   * @throws ApplicationFailure a user error when there is none, or several are in that stage
   */
  RegisteredVersion find(String model, String name) {
    Optional<Map<String, Long>> aliases = server.registeredModels().aliases(model);
    if (aliases.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          "find version " + name + " of " + model,
          "there is no registered model " + model,
          "Check the name of the model, the workspace, and models of the workspace in the platform"
              + " file, which says what the model is called there.");
    }
    Long aliased = aliases.get().get(name);
    if (aliased != null) {
      return server.registeredModels().version(model, aliased);
    }
    if (aliases.get().isEmpty() && server.registeredModels().versions(model).isEmpty()) {
      throw server.failure(
          FailureKind.USER, "find version " + name + " of " + model, NO_VERSIONS, VERSION_FIRST);
    }
    if (!STAGES.contains(name)) {
      List<String> known = new ArrayList<>(aliases.get().keySet());
      known.sort(String::compareTo);
      throw unknown(
          model,
          name,
          "there is no such alias; "
              + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known))
              + (name.equals(Marking.ALIASES.live()) ? stageInstead(model) : ""));
    }
    return Marks.inStage(server, model, name)
        .orElseThrow(() ->
            unknown(
                model,
                name,
                "no version is in that stage"
                    + (name.equals(Marking.STAGES.live()) ? aliasInstead(aliases.get()) : "")));
  }

  /** A workspace that is read by stages may be marked by aliases, which nobody would find. */
  private static String aliasInstead(Map<String, Long> aliases) {
    Long champion = aliases.get(Marking.ALIASES.live());
    return champion == null
        ? ""
        : "; but its alias "
            + Marking.ALIASES.live()
            + " points at version "
            + champion
            + ", which counts as live if the platform file says marking: aliases for this"
            + " workspace";
  }

  /** The same the other way round. */
  private String stageInstead(String model) {
    return server.registeredModels().versions(model).stream()
        .filter(version -> version.stage().equals(Marking.STAGES.live()))
        .findFirst()
        .map(version ->
            "; but version "
                + version.version()
                + " is in stage "
                + Marking.STAGES.live()
                + ", which counts as live if the platform file says marking: stages for this"
                + " workspace")
        .orElse("");
  }

  private ApplicationFailure unknown(String model, String name, String why) {
    return server.failure(
        FailureKind.USER,
        "find version " + name + " of " + model,
        why,
        "Name a version by its number, such as 7 (with portage adopt: --version 7), or by an"
            + " existing alias.");
  }
}
