package dev.portage.platform;

import dev.portage.document.Nearest;
import dev.portage.document.ValidationError;
import dev.portage.settings.EndpointName;
import dev.portage.settings.PredictionRules;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Station;
import dev.portage.settings.Station.Capability;
import dev.portage.settings.Work;
import dev.portage.settings.WorkspaceNames;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workspaces that one promotion goes through, and whether they can do what its file asks for.
 */
final class PathCheck {

  /** What scoring needs wherever it runs. */
  static final Set<Capability> TO_REHEARSE =
      EnumSet.of(Capability.RUN_JOBS, Capability.QUERY_TABLES);

  private final Platform platform;
  private final PromotionFile file;
  private final List<ValidationError> errors = new ArrayList<>();
  private final List<Workspace> workspaces;

  PathCheck(Platform platform, PromotionFile file) {
    this.platform = platform;
    this.file = file;
    this.workspaces = workspaces();
  }

  /** The workspaces in order; usable only without errors. */
  List<Workspace> path() {
    return workspaces;
  }

  /** Whether every workspace of the path is known. */
  boolean isKnown() {
    return errors.isEmpty() && workspaces.size() > 1;
  }

  List<Workspace> targets() {
    return workspaces.subList(1, workspaces.size());
  }

  /**
   * Everything that the platform can't do for this file.
   *
   * @param files the commit's files; empty if there is no commit
   */
  List<ValidationError> errors(List<String> files) {
    List<ValidationError> all = new ArrayList<>(errors);
    if (errors.isEmpty()) {
      if (file.check() != null) {
        requireCapability("check", workspaces.subList(0, 1), EnumSet.of(Capability.RUN_JOBS), all);
      }
      if (file.train() != null) {
        requireCapability("train", workspaces.subList(0, 1), EnumSet.of(Capability.RUN_JOBS), all);
      }
      if (file.evaluate() != null) {
        requireCapability(
            "evaluate", workspaces.subList(0, 1), EnumSet.of(Capability.RUN_JOBS), all);
      }
      if (Boolean.TRUE.equals(file.rehearse())) {
        requireCapability("rehearse", workspaces.subList(0, 1), TO_REHEARSE, all);
      }
      if (file.batch() != null) {
        requireCapability(
            "batch", targets(), EnumSet.of(Capability.RUN_JOBS, Capability.QUERY_TABLES), all);
      }
      if (file.serve() != null) {
        requireCapability("serve", targets(), EnumSet.of(Capability.SERVE), all);
        all.addAll(unfitEndpoints());
      }
      workspaces.stream()
          .filter(workspace -> !workspace.allowsModel(file.registeredName()))
          .findFirst()
          .ifPresent(workspace -> all.add(unfit(workspace)));
      targets().stream()
          .filter(target -> target.demandsMoreThan(file.verify()))
          .forEach(target -> all.add(tooLoose(target)));
      all.addAll(namesThatMeet());
    }
    if (!files.isEmpty()) {
      all.addAll(file.missingFiles(files));
    }
    return all;
  }

  private ValidationError unfit(Workspace workspace) {
    return error(
        "registered-as",
        "\""
            + file.registeredName()
            + "\" is not a valid model name in workspace "
            + workspace.name(),
        workspace.modelsAllowed(),
        null);
  }

  private ValidationError tooLoose(Workspace target) {
    String origin = file.origin("verify").orElse(file.fileName() + ":1");
    return new ValidationError(
        file.fileName(),
        Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1)),
        "/verify",
        "verify is sizes, but the platform file demands full in workspace " + target.name(),
        "full",
        "leave it out");
  }

  /** Name of the experiment in each target, which must be the same in all of them. */
  Function<Workspace, String> experiment() {
    String named = file.experiment();
    return workspace -> named == null ? workspace.experiment(file.model()) : named;
  }

  /** Full name of the table in each target, which must be the same in all of them. */
  Function<Workspace, String> table() {
    PromotionFile.@Nullable Batch batch = file.batch();
    String named = batch == null ? null : batch.table();
    String table =
        Objects.requireNonNullElse(named, file.model().replace('-', '_') + "_predictions");
    return workspace -> workspace.table(table);
  }

  /** Full name of the table in each workspace that predictions are made from; null for none. */
  @Nullable String input(Workspace workspace) {
    PromotionFile.@Nullable Batch batch = file.batch();
    PredictionRules rules = batch == null ? null : batch.rules();
    return rules == null || rules.ofInput() == null
        ? null
        : workspace.table(rules.ofInput().table());
  }

  /** Name of the scoring job in each target. */
  Function<Workspace, String> job() {
    PromotionFile.@Nullable Batch batch = file.batch();
    String named =
        batch != null && batch.work() instanceof Work.Job theirs
            ? theirs.job()
            : Objects.requireNonNullElse(
                batch == null ? null : batch.job(), file.model() + "-batch");
    return workspace -> workspace.job(named);
  }

  /** Name of the endpoint in a workspace; null for none. */
  @Nullable String endpoint(Workspace workspace) {
    ServeSettings serve = file.serve();
    return serve == null ? null : workspace.endpoint(serve.endpoint());
  }

  /** A platform's pattern may make a name of it that no endpoint can have. */
  private List<ValidationError> unfitEndpoints() {
    List<ValidationError> all = new ArrayList<>();
    for (Workspace target : targets()) {
      String name = endpoint(target);
      if (name != null && !EndpointName.isValid(name)) {
        all.add(
            error(
                file.origin("serve.endpoint").isPresent() ? "serve.endpoint" : "serve",
                "an endpoint of workspace " + target.name() + " can't be named \"" + name + "\"",
                EndpointName.ALLOWED,
                null));
      }
    }
    return all;
  }

  /** A workspace as this promotion uses it; with names of its own where it has any. */
  Station station(Workspace workspace) {
    Station station = workspace.station(file.registeredName());
    WorkspaceNames its = names(workspace);
    WorkspaceNames common = names(targets().getFirst());
    boolean same =
        Objects.equals(its.jobs(), common.jobs())
            && Objects.equals(its.endpoints(), common.endpoints())
            && Objects.equals(its.inputs(), common.inputs())
            && (workspace.equals(workspaces.getFirst())
                || (Objects.equals(its.experiments(), common.experiments())
                    && Objects.equals(its.tables(), common.tables())));
    return same ? station : station.named(its);
  }

  /** What this promotion's things are called in a workspace. */
  private WorkspaceNames names(Workspace workspace) {
    boolean scores = file.batch() != null;
    return new WorkspaceNames(
            workspace.model(file.registeredName()),
            experiment().apply(workspace),
            scores ? table().apply(workspace) : null,
            scores ? job().apply(workspace) : null,
            input(workspace))
        .serving(endpoint(workspace));
  }

  /**
   * Targets at one address must not use one thing: each would undo what the other released. Nor may
   * any name be the one that another workspace there has for another model.
   */
  private List<ValidationError> namesThatMeet() {
    List<ValidationError> all = new ArrayList<>();
    for (Workspace workspace : workspaces) {
      for (Workspace other : platform.workspaces()) {
        if (!workspace.equals(other) && workspace.isAtAddressOf(other)) {
          bothTargets(workspace, other)
              .map(meeting -> meeting(other, workspace, meeting))
              .or(() ->
                  written(workspace)
                      .isTakenBy(workspace.names(), other.names())
                      .map(meeting -> taken(other, workspace, meeting)))
              .ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** A name that two targets share; said once, by the earlier of them. */
  private Optional<WorkspaceNames.Meeting> bothTargets(Workspace one, Workspace other) {
    int place = targets().indexOf(one);
    return place >= 0 && targets().indexOf(other) > place
        ? names(one).meets(names(other))
        : Optional.empty();
  }

  /** What Portage writes to in a workspace: in the first one, the model alone. */
  private WorkspaceNames written(Workspace workspace) {
    WorkspaceNames all = names(workspace);
    return targets().contains(workspace) ? all : new WorkspaceNames(all.models(), null, null, null);
  }

  private static String value(WorkspaceNames.Meeting meeting) {
    return switch (meeting.key()) {
      case "models" -> "registered-as";
      case "endpoints" -> "serve.endpoint";
      case "jobs" -> "batch.job";
      case "tables" -> "batch.table";
      default -> "experiment";
    };
  }

  private ValidationError taken(Workspace other, Workspace here, WorkspaceNames.Meeting meeting) {
    return error(
        value(meeting),
        here.name()
            + " would use the "
            + meeting.text()
            + ", which is another model's in "
            + other.name()
            + " at the same address",
        "a name that " + meeting.key() + " of " + other.name() + " makes of nothing",
        null);
  }

  private ValidationError meeting(
      Workspace target, Workspace other, WorkspaceNames.Meeting meeting) {
    String value = value(meeting);
    return error(
        value,
        "workspaces "
            + other.name()
            + " and "
            + target.name()
            + " are at one address and would both use the "
            + meeting.text(),
        value.equals("experiment")
            ? "no experiment here: experiments in "
                + platform.fileName()
                + " gives each workspace its own"
            : "a short name, which "
                + meeting.key()
                + " in "
                + platform.fileName()
                + " fills in for each workspace",
        null);
  }

  /** Where the file says it, or the platform file's first word on it. */
  String origin(String value) {
    return file.origin(value)
        .or(() ->
            Stream.of("notebook", "job", "script", "wheel.package")
                .flatMap(form -> file.origin(value + "." + form).stream())
                .findFirst())
        .orElse(file.fileName() + ":1");
  }

  private List<Workspace> workspaces() {
    List<String> names = file.path().isEmpty() ? platform.path() : file.path();
    List<Workspace> found = new ArrayList<>();
    for (String name : names) {
      platform
          .workspace(name)
          .ifPresentOrElse(
              found::add,
              () ->
                  report(
                      "path",
                      "path names workspace \""
                          + name
                          + "\", which is not in "
                          + platform.fileName(),
                      String.join(", ", platform.names()),
                      Nearest.question(name, platform.names())));
    }
    if (errors.isEmpty() && !keepsThePlatformsPath(names)) {
      report(
          "path",
          "path is "
              + String.join(" → ", names)
              + ", which leaves out or reorders the platform's path",
          String.join(" → ", platform.path()) + ", with further workspaces added",
          null);
    }
    return found;
  }

  /** A promotion.yaml may go through more workspaces, never through fewer. */
  private boolean keepsThePlatformsPath(List<String> names) {
    int next = 0;
    for (String name : names) {
      if (next < platform.path().size() && platform.path().get(next).equals(name)) {
        next++;
      }
    }
    return next == platform.path().size();
  }

  private void requireCapability(
      String step, List<Workspace> where, Set<Capability> needed, List<ValidationError> all) {
    for (Workspace workspace : where) {
      if (!workspace.kind().capabilities().containsAll(needed)) {
        all.add(
            error(
                step,
                step
                    + " can't be done in workspace "
                    + workspace.name()
                    + " ("
                    + workspace.origin()
                    + "), which is of kind "
                    + workspace.kind().name()
                    + (needed.contains(Capability.SERVE)
                        ? " and serves no models"
                        : " and runs no jobs"),
                "a workspace of kind databricks",
                "leave "
                    + step
                    + " out"
                    + (step.equals("train")
                        ? " and promote a model trained elsewhere with portage start --version"
                        : "")));
      }
    }
  }

  private void report(
      String value, String what, @Nullable String allowed, @Nullable String remedy) {
    errors.add(error(value, what, allowed, remedy));
  }

  private ValidationError error(
      String value, String what, @Nullable String allowed, @Nullable String remedy) {
    String origin = origin(value);
    return new ValidationError(
        file.fileName(),
        Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1)),
        "/" + value.replace('.', '/'),
        what,
        allowed,
        remedy);
  }
}
