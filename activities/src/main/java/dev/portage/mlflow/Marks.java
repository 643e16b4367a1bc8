package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import dev.portage.registry.Marked;
import dev.portage.registry.Unmarked;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Aliases and stages. The registry has no compare-and-set: only the holder of the model's turn may
 * move a champion's mark.
 */
final class Marks {
  private Marks() {}

  /** The version that an alias points at. */
  static Optional<RegisteredVersion> holder(MlflowServer server, String model, String alias) {
    return server
        .registeredModels()
        .aliases(model)
        .map(aliases -> aliases.get(alias))
        .map(version -> server.registeredModels().version(model, version));
  }

  /** The version in a stage; several are a user error, since none of them is the champion. */
  static Optional<RegisteredVersion> inStage(MlflowServer server, String model, String stage) {
    List<RegisteredVersion> there = holders(server, model, stage);
    if (there.size() > 1) {
      throw server.failure(
          FailureKind.USER,
          "find the version of " + model + " in stage " + stage,
          "there are several: "
              + there.stream().map(RegisteredVersion::version).collect(Collectors.joining(", ")),
          "Archive all but the one that is live.");
    }
    // A search returns no aliases.
    return there.stream()
        .findFirst()
        .map(version -> server.registeredModels().version(model, version.number()));
  }

  /** Points an alias at a version, unless it already does. */
  static Marked alias(MlflowServer server, String model, long version, String alias) {
    Long before =
        server.registeredModels().aliases(model).map(aliases -> aliases.get(alias)).orElse(null);
    if (before == null || before != version) {
      server.registeredModels().alias(model, alias, version);
    }
    return new Marked(
        alias, String.valueOf(version), before == null ? null : String.valueOf(before));
  }

  /**
   * Moves a version to a stage, unless it is already there.
   *
   * @param alone whether it must be the only one there; others are archived then
   */
  static Marked stage(
      MlflowServer server, String model, long version, String stage, boolean alone) {
    List<RegisteredVersion> there = holders(server, model, stage);
    List<RegisteredVersion> others =
        there.stream().filter(holder -> holder.number() != version).toList();
    boolean isThere = there.size() > others.size();
    if (!isThere || (alone && !others.isEmpty())) {
      server.registeredModels().stage(model, version, stage, alone);
    }
    String previous = null;
    if (isThere) {
      previous = String.valueOf(version);
    } else if (!others.isEmpty()) {
      previous = others.getLast().version();
    }
    return new Marked(stage, String.valueOf(version), previous);
  }

  /** Drops an alias that still points at the version. */
  static Unmarked dropAlias(MlflowServer server, String model, long version, String alias) {
    Long holder =
        server.registeredModels().aliases(model).map(aliases -> aliases.get(alias)).orElse(null);
    if (holder == null || holder != version) {
      return new Unmarked(
          false, holder == null ? "no alias" : alias + " is version " + holder + " now");
    }
    server.registeredModels().dropAlias(model, alias);
    return new Unmarked(true, "no alias");
  }

  /** Moves a version that is still in a stage to another one. */
  static Unmarked leaveStage(
      MlflowServer server, String model, long version, String stage, String to) {
    RegisteredVersion held = server.registeredModels().version(model, version);
    if (!held.stage().equals(stage)) {
      return new Unmarked(false, "stage " + held.stage());
    }
    server.registeredModels().stage(model, version, to, false);
    return new Unmarked(true, "stage " + to);
  }

  private static List<RegisteredVersion> holders(MlflowServer server, String model, String stage) {
    return server.registeredModels().versions(model).stream()
        .filter(version -> version.stage().equals(stage))
        .toList();
  }
}
