package dev.portage.preflight;

import dev.portage.live.LiveSeen;
import dev.portage.live.LiveThings;
import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.plan.Planner;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.registry.Champion;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.CronSchedule;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.Station;
import dev.portage.temporal.Given;
import dev.portage.tracking.Making;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See {@link PreflightWorkflow}. */
public class PreflightWorkflowImpl implements PreflightWorkflow {

  private final List<Finding> findings = new ArrayList<>();
  private final WorkspaceCalls calls;

  /** One that waits for workers as long as someone at a terminal would. */
  public PreflightWorkflowImpl() {
    this(new WorkspaceCalls());
  }

  PreflightWorkflowImpl(WorkspaceCalls calls) {
    this.calls = calls;
  }

  @Override
  public PreflightReport check(@Nullable PreflightOrder given) {
    PreflightOrder order = Given.input(given, PreflightOrder.class);
    Settings settings = settings(order);
    if (!passed()) {
      return report(settings, List.of(), Map.of(), null);
    }
    List<WorkspaceNeeds> needs = settings == null ? everyWorkspace() : Needs.of(settings, order);
    Inspections inspections = new Inspections(calls);
    findings.addAll(inspections.at(needs));
    if (settings != null) {
      pastSchedule(settings, order).ifPresent(findings::add);
    }
    if (settings == null || !passed()) {
      return report(settings, List.of(), Map.of(), null);
    }
    return lookAhead(order, settings, inspections);
  }

  private @Nullable Settings settings(PreflightOrder order) {
    if (order.file() == null) {
      return null;
    }
    try {
      Settings settings =
          Calls.here(SettingsActivities.class, "merge with the policy").settings(order.file());
      findings.add(
          Finding.ok(
              order.file().fileName(),
              "the file",
              settings.values().size() + " effective settings"));
      rehearsal(order.file().fileName(), settings);
      return settings;
    } catch (ActivityFailure failure) {
      findings.add(Inspections.finding(failure, order.file().fileName(), "the file"));
      return null;
    }
  }

  /** The file is read without a clock, so that a schedule that is over is found here. */
  private static Optional<Finding> pastSchedule(Settings settings, PreflightOrder order) {
    BatchSettings batch = settings.batch();
    String schedule = batch == null ? null : batch.schedule();
    if (batch == null || schedule == null || order.file() == null) {
      return Optional.empty();
    }
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    return CronSchedule.isOver(schedule, batch.timezone(), now)
        ? Optional.of(
            Finding.failed(
                order.file().fileName(),
                "batch.schedule",
                "\""
                    + schedule
                    + "\" is entirely in the past: the job would never run on its schedule",
                "Correct its year, or leave batch.schedule out."))
        : Optional.empty();
  }

  /** What scores in production is tried before anybody is asked, or people know why it is not. */
  private void rehearsal(String file, Settings settings) {
    RehearsalSettings rehearsal = settings.rehearsal();
    BatchSettings batch = settings.batch();
    if (rehearsal == null || batch == null) {
      return;
    }
    String whyNot = rehearsal.whyNot();
    findings.add(
        whyNot == null
            ? Finding.ok(
                file,
                "rehearsal",
                batch.scoring().named()
                    + " scores in "
                    + settings.first().workspace()
                    + " before anyone is asked, into a separate table next to "
                    + rehearsal.table())
            : new Finding(file, "rehearsal", Finding.Verdict.NOTE, "none: " + whyNot, null));
  }

  private List<WorkspaceNeeds> everyWorkspace() {
    try {
      return Calls.here(PlatformActivities.class, "list the workspaces").workspaces().stream()
          .map(name -> new WorkspaceNeeds(name, null, null, List.of(Right.values())))
          .toList();
    } catch (ActivityFailure failure) {
      findings.add(Inspections.finding(failure, "platform file", "the workspaces"));
      return List.of();
    }
  }

  private PreflightReport lookAhead(
      PreflightOrder order, Settings settings, Inspections inspections) {
    List<Plan> plans = new ArrayList<>();
    Map<String, String> commits = new HashMap<>();
    List<String> withoutCommit = new ArrayList<>();
    Making making =
        inspections.live(settings.first().workspace()).map(LiveNow::making).orElse(null);
    inspections
        .live(settings.first().workspace())
        .map(LiveNow::metrics)
        .flatMap(logged -> MetricNames.lacking(settings, named(order), logged, fileName(order)))
        .ifPresent(findings::add);
    for (Station target : settings.targets()) {
      LiveSeen seen = inspections.live(target.workspace()).map(LiveNow::seen).orElse(null);
      if (seen == null) {
        continue;
      }
      Champion champion = seen.champion();
      seen.leftBehind().stream().map(left -> stays(target, left)).forEach(findings::add);
      plans.add(
          Planner.plan(
                  target,
                  LiveThings.known().plan(Needs.hop(settings, target, order), seen),
                  champion == null ? null : champion.versions(),
                  null)
              .starting(started(target, settings, inspections))
              .showing(seen.settings()));
      if (champion != null) {
        MetricNames.lacking(
                settings,
                "the champion of "
                    + target.workspace()
                    + ", version "
                    + champion.version().version(),
                champion.metrics().keySet(),
                fileName(order))
            .ifPresent(findings::add);
      }
      if (champion != null && champion.commit() != null) {
        commits.put(target.workspace(), champion.commit());
      } else if (champion != null) {
        withoutCommit.add(target.workspace());
      }
    }
    boolean released =
        inspections
            .live(settings.path().getLast().workspace())
            .map(LiveNow::released)
            .orElse(false);
    return new PreflightReport(
        passed(),
        findings,
        settings,
        plans,
        commits,
        released ? order.promotion() : null,
        making,
        withoutCommit);
  }

  /** What the live release made and no promotion will change any more: its users should know. */
  private static Finding stays(Station target, String left) {
    return new Finding(
        "workspace " + target.workspace(), "what stays live", Finding.Verdict.NOTE, left, null);
  }

  /** What a hop starts elsewhere; the last one also in the first workspace, when it is done. */
  private static List<Action> started(Station target, Settings settings, Inspections inspections) {
    List<Action> started = new ArrayList<>();
    inspections
        .triggers(target.workspace())
        .ifPresent(triggers -> started.addAll(triggers.actions(target)));
    Station first = settings.first();
    if (target.equals(settings.path().getLast())) {
      inspections
          .triggers(first.workspace())
          .ifPresent(triggers -> started.addAll(triggers.actionsAtTheEnd(first)));
    }
    return started;
  }

  private static String named(PreflightOrder order) {
    return order.runId() == null ? "version " + order.version() : "run " + order.runId();
  }

  private static String fileName(PreflightOrder order) {
    return order.file() == null ? "promotion.yaml" : order.file().fileName();
  }

  private boolean passed() {
    return !Finding.anyFailed(findings);
  }

  private PreflightReport report(
      @Nullable Settings settings,
      List<Plan> plans,
      Map<String, String> commits,
      @Nullable String earlier) {
    return new PreflightReport(passed(), findings, settings, plans, commits, earlier);
  }
}
