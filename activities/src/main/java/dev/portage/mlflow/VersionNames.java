package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds a version by a name that points at it: an alias, or one of the older stages. */
final class VersionNames {
  private static final Set<String> STAGES = Set.of("Staging", "Production", "Archived");

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
      throw unknown(model, name, "there is no registered model " + model);
    }
    Long aliased = aliases.get().get(name);
    if (aliased != null) {
      return server.registeredModels().version(model, aliased);
    }
    if (!STAGES.contains(name)) {
      List<String> known = new ArrayList<>(aliases.get().keySet());
      known.sort(String::compareTo);
      throw unknown(
          model,
          name,
          "there is no such alias; "
              + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
    }
    return Marks.inStage(server, model, name)
        .orElseThrow(() -> unknown(model, name, "no version is in that stage"));
  }

  private ApplicationFailure unknown(String model, String name, String why) {
    return server.failure(
        FailureKind.USER,
        "find version " + name + " of " + model,
        why,
        "Name a version by its number, such as 7, or by an existing alias.");
  }
}
