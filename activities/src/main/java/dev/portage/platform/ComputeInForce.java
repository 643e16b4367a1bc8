package dev.portage.platform;

import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Library;
import dev.portage.compute.Requirements;
import dev.portage.document.Nearest;
import dev.portage.document.ValidationError;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.SettingsOrder;
import dev.portage.settings.Station.Capability;
import dev.portage.settings.Work;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the steps of one promotion run on, in each workspace. */
final class ComputeInForce {

  private final Platform platform;
  private final PromotionFile file;
  private final List<Workspace> path;

  /**
   * For a file and its path.
   *
   * @param path workspaces in order, at least two
   */
  ComputeInForce(Platform platform, PromotionFile file, List<Workspace> path) {
    this.platform = platform;
    this.file = file;
    this.path = path;
  }

  /**
   * Where a step runs: scoring in each target, and in the first workspace where the file asks for a
   * rehearsal; everything else in the first workspace.
   */
  private List<Workspace> where(String step) {
    if (!step.equals("batch")) {
      return path.subList(0, 1);
    }
    return Boolean.TRUE.equals(file.rehearse()) ? path : path.subList(1, path.size());
  }

  private Map<String, Work> steps() {
    Map<String, Work> steps = new LinkedHashMap<>(file.work());
    // A job of the team's has compute of its own, and so may have the tasks of a file.
    steps
        .values()
        .removeIf(work ->
            work instanceof Work.Job
                || (work instanceof Work.Defined file && file.compute() == null));
    return steps;
  }

  /** Words that a workspace lacks, and requirements files that the commit lacks. */
  List<ValidationError> errors(SettingsOrder order) {
    List<ValidationError> errors = new ArrayList<>();
    steps()
        .forEach((step, work) -> {
          for (Workspace workspace : where(step)) {
            if (workspace.kind().capabilities().contains(Capability.RUN_JOBS)) {
              ValidationError error = error(step, work, workspace, order);
              if (error != null) {
                errors.add(error);
                break;
              }
            }
          }
        });
    return errors;
  }

  /** A policy may install libraries of its own. */
  private static boolean bringsNothing(ComputeSettings settings) {
    boolean hasPolicy = settings instanceof ClusterCompute cluster && cluster.policy() != null;
    return settings.libraries().isEmpty() && !hasPolicy;
  }

  private @Nullable ValidationError error(
      String step, Work work, Workspace workspace, SettingsOrder order) {
    String word = work.compute();
    ComputeSettings settings = workspace.compute(word).orElse(null);
    if (settings == null) {
      TreeSet<String> words = new TreeSet<>(workspace.compute().keySet());
      return error(
          step,
          step
              + " names compute \""
              + word
              + "\", which "
              + platform.fileName()
              + " does not define for workspace "
              + workspace.name(),
          String.join(", ", words),
          Nearest.question(String.valueOf(word), words));
    }
    if (work instanceof Work.Wheel wheel && wheel.wheel() == null && bringsNothing(settings)) {
      return error(
          step,
          "nothing installs package "
              + wheel.pack()
              + ": "
              + step
              + ".wheel has no file, and compute "
              + Objects.requireNonNullElse(word, ComputeSettings.DEFAULT)
              + " has no libraries in workspace "
              + workspace.name(),
          "file: the path of an uploaded wheel; or a compute word whose libraries have the package",
          null);
    }
    if (order.files().isEmpty() && order.requirements() == null) {
      // There is no commit.
      return null;
    }
    Map<String, String> texts = Objects.requireNonNullElse(order.requirements(), Map.of());
    for (Library library : settings.libraries()) {
      if (library instanceof Library.RequirementsFile(String name)) {
        ValidationError error = error(step, word, name, texts, settings.isServerless());
        if (error != null) {
          return error;
        }
      }
    }
    return null;
  }

  private @Nullable ValidationError error(
      String step,
      @Nullable String word,
      String name,
      Map<String, String> texts,
      boolean serverless) {
    String compute = "compute " + Objects.requireNonNullElse(word, ComputeSettings.DEFAULT);
    if (!texts.containsKey(name)) {
      String near = Nearest.question(name, texts.keySet());
      return error(
          step,
          compute
              + " installs "
              + name
              + ", which is not in the commit, contains a secret, is not text, or is too long"
              + " (16 KiB for all requirements files)",
          texts.isEmpty() ? null : String.join(", ", new TreeSet<>(texts.keySet())),
          near == null ? "add and commit it" : near);
    }
    Requirements requirements = Requirements.read(name, texts);
    List<String> faults = new ArrayList<>(requirements.faults());
    if (!serverless) {
      faults.addAll(requirements.faultsOnCluster());
    }
    return faults.isEmpty()
        ? null
        : error(
            step,
            compute + " can't install " + name + ": " + String.join("; ", faults),
            "packages by name, version and https or git+https address",
            null);
  }

  private ValidationError error(
      String step, String what, @Nullable String allowed, @Nullable String remedy) {
    String origin =
        file.origin(step + ".compute")
            .or(() -> file.origin(step))
            .or(() -> file.origin(step + ".notebook"))
            .or(() -> file.origin(step + ".script"))
            .or(() -> file.origin(step + ".wheel.package"))
            .orElse(file.fileName() + ":1");
    return new ValidationError(
        file.fileName(),
        Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1)),
        "/" + step + "/compute",
        what,
        allowed,
        remedy);
  }

  /** Lists what each word means where its step runs, and where that is defined. */
  void list(ValuesInForce values) {
    steps()
        .forEach((step, work) -> {
          String word = work.compute();
          if (word != null) {
            where(step).forEach(workspace -> list(workspace, word, values));
          }
        });
  }

  /** Lists what runs in a workspace where no word is named. */
  void listDefault(Workspace workspace, ValuesInForce values) {
    if (!workspace.kind().capabilities().contains(Capability.RUN_JOBS)) {
      return;
    }
    if (workspace.pool() == null && isDefined(workspace, ComputeSettings.DEFAULT)) {
      list(workspace, ComputeSettings.DEFAULT, values);
      return;
    }
    values
        .add(
            workspace.name() + ".pool",
            Objects.requireNonNullElse(workspace.pool(), "none: serverless"),
            platform.origin(here(workspace) + "pool"))
        .addIfSet(
            workspace.name() + ".runtime",
            workspace.runtime(),
            platform.origin(here(workspace) + "runtime"));
  }

  private void list(Workspace workspace, String word, ValuesInForce values) {
    String own = here(workspace) + "compute." + word;
    workspace
        .compute(word)
        .ifPresent(settings ->
            values.add(
                workspace.name() + ".compute." + word,
                settings.text(),
                platform.origin(platform.origins().containsKey(own) ? own : "compute." + word)));
  }

  private boolean isDefined(Workspace workspace, String word) {
    return platform.origins().containsKey(here(workspace) + "compute." + word)
        || platform.origins().containsKey("compute." + word);
  }

  private static String here(Workspace workspace) {
    return "workspaces." + workspace.name() + ".";
  }
}
