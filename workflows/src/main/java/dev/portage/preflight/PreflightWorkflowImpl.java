package dev.portage.preflight;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.JobActivities;
import dev.portage.job.JobQuery;
import dev.portage.plan.Plan;
import dev.portage.plan.Planner;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.promotion.Changes;
import dev.portage.promotion.PromotionWorkflow;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionQuery;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.Station;
import dev.portage.text.Bounded;
import dev.portage.tracking.Making;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** See {@link PreflightWorkflow}. */
public class PreflightWorkflowImpl implements PreflightWorkflow {

  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final List<Finding> findings = new ArrayList<>();

  @Override
  public PreflightReport check(PreflightOrder order) {
    Settings settings = settings(order);
    if (!passed()) {
      return report(settings, List.of(), Map.of(), null);
    }
    List<WorkspaceNeeds> needs = settings == null ? everyWorkspace() : needsOf(settings);
    inspect(needs);
    if (settings == null || !passed()) {
      return report(settings, List.of(), Map.of(), null);
    }
    return lookAhead(order, settings);
  }

  private @Nullable Settings settings(PreflightOrder order) {
    if (order.file() == null) {
      return null;
    }
    try {
      Settings settings =
          stub(SettingsActivities.class, PromotionWorkflow.TASK_QUEUE, "merge with the policy")
              .settings(order.file());
      findings.add(
          Finding.ok(
              order.file().fileName(),
              "the file",
              settings.values().size() + " settings in force"));
      return settings;
    } catch (ActivityFailure failure) {
      add(failure, order.file().fileName(), "the file");
      return null;
    }
  }

  private List<WorkspaceNeeds> everyWorkspace() {
    try {
      return stub(PlatformActivities.class, PromotionWorkflow.TASK_QUEUE, "list the workspaces")
          .workspaces()
          .stream()
          .map(name -> new WorkspaceNeeds(name, null, null, List.of(Right.values())))
          .toList();
    } catch (ActivityFailure failure) {
      add(failure, "platform file", "the workspaces");
      return List.of();
    }
  }

  private static List<WorkspaceNeeds> needsOf(Settings settings) {
    List<WorkspaceNeeds> needs = new ArrayList<>();
    for (Station station : settings.path()) {
      Set<Right> rights = EnumSet.of(Right.READ_REGISTRY, Right.WRITE_REGISTRY);
      boolean first = station.equals(settings.first());
      if (first && settings.train() != null) {
        rights.addAll(EnumSet.of(Right.RUN_JOBS, Right.USE_POOL));
      }
      if (!first && settings.batch() != null) {
        rights.addAll(
            EnumSet.of(Right.RUN_JOBS, Right.MANAGE_JOBS, Right.USE_POOL, Right.QUERY_TABLES));
      }
      BatchSettings batch = first ? null : settings.batch();
      needs.add(
          new WorkspaceNeeds(
              station.workspace(),
              station.model(),
              settings.experiment(),
              List.copyOf(rights),
              batch == null ? null : batch.table()));
    }
    return needs;
  }

  /** Looks at all workspaces at once; each may take a while. */
  private void inspect(List<WorkspaceNeeds> needs) {
    List<Promise<WorkspaceReport>> reports = new ArrayList<>();
    for (WorkspaceNeeds need : needs) {
      WorkspaceActivities workspace =
          stub(
              WorkspaceActivities.class,
              PromotionWorkflow.queueOf(need.workspace()),
              "look at " + need.workspace());
      reports.add(Async.function(workspace::inspect, need));
    }
    Map<String, String> identities = new HashMap<>();
    for (int i = 0; i < needs.size(); i++) {
      String name = needs.get(i).workspace();
      try {
        WorkspaceReport report = reports.get(i).get();
        findings.addAll(report.findings());
        refuseTwins(report, identities);
      } catch (ActivityFailure failure) {
        add(failure, "workspace " + name, "login and rights");
      }
    }
  }

  private void refuseTwins(WorkspaceReport report, Map<String, String> identities) {
    String identity = report.identity();
    if (identity == null) {
      return;
    }
    String twin = identities.putIfAbsent(identity, report.workspace());
    if (twin != null) {
      findings.add(
          Finding.lack(
              "workspace " + report.workspace(),
              "identity",
              "it is the same workspace as " + twin + " (" + identity + "); a hop needs two",
              "correct its host in the platform file"));
    }
  }

  private PreflightReport lookAhead(PreflightOrder order, Settings settings) {
    List<Plan> plans = new ArrayList<>();
    Map<String, String> commits = new HashMap<>();
    List<String> withoutCommit = new ArrayList<>();
    Making making = null;
    String earlier = null;
    try {
      making = making(order, settings);
      for (Station target : settings.targets()) {
        Planner.Now now = now(settings, target);
        plans.add(Planner.plan(settings, target, now, null, null));
        Champion champion = now.champion();
        if (champion != null && champion.commit() != null) {
          commits.put(target.workspace(), champion.commit());
        } else if (champion != null) {
          withoutCommit.add(target.workspace());
        }
      }
      earlier = earlier(order, settings);
    } catch (ActivityFailure failure) {
      add(failure, "workspaces", "what is live now");
    }
    return new PreflightReport(
        passed(), findings, settings, plans, commits, earlier, making, withoutCommit);
  }

  /** What was trained elsewhere has to be there, and says who made it. */
  private static @Nullable Making making(PreflightOrder order, Settings settings) {
    Station first = settings.first();
    if (order.runId() != null) {
      return stub(
              TrackingActivities.class,
              PromotionWorkflow.queueOf(first.workspace()),
              "run " + order.runId())
          .findRun(new RunSearch(first.workspace(), null, null, order.runId()))
          .making();
    }
    if (order.version() == null) {
      return null;
    }
    VersionQuery query = new VersionQuery(first.workspace(), first.model(), order.version());
    registry(first).version(query);
    return Changes.made(Changes.PREFLIGHT_ASKS_WHO_MADE_IT)
        ? registry(first).runOf(query).making()
        : null;
  }

  private Planner.Now now(Settings settings, Station target) {
    BatchSettings batch = settings.batch();
    return new Planner.Now(
        registry(target)
            .champion(new ModelQuery(target.workspace(), target.model(), target.marking()))
            .orElse(null),
        batch == null
            ? null
            : stub(
                    JobActivities.class,
                    PromotionWorkflow.queueOf(target.workspace()),
                    "the job " + batch.job())
                .findJob(new JobQuery(target.workspace(), batch.job(), settings.model()))
                .orElse(null));
  }

  private @Nullable String earlier(PreflightOrder order, Settings settings) {
    if (order.promotion() == null) {
      return null;
    }
    Station last = settings.path().getLast();
    boolean released =
        registry(last)
            .versionsOf(new PromotionQuery(last.workspace(), last.model(), order.promotion()))
            .stream()
            .anyMatch(version -> version.tags().containsKey(Tags.RELEASE));
    return released ? order.promotion() : null;
  }

  private static RegistryActivities registry(Station station) {
    return stub(
        RegistryActivities.class,
        PromotionWorkflow.queueOf(station.workspace()),
        "what is live in " + station.workspace());
  }

  private void add(ActivityFailure failure, String where, String what) {
    Problem problem = Failures.problemOf(failure, what, where);
    String at = problem.kind() == FailureKind.USER ? problem.where() : where;
    findings.add(Finding.lack(at, what, problem.cameBack(), problem.remedy()));
  }

  private boolean passed() {
    return findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.LACK);
  }

  private PreflightReport report(
      @Nullable Settings settings,
      List<Plan> plans,
      Map<String, String> commits,
      @Nullable String earlier) {
    return new PreflightReport(passed(), findings, settings, plans, commits, earlier);
  }

  /**
   * Somebody is waiting in front of a terminal: few attempts, and an absent worker is told soon.
   */
  private static <T> T stub(Class<T> type, String queue, String summary) {
    return Workflow.newActivityStub(
        type,
        ActivityOptions.newBuilder()
            .setTaskQueue(queue)
            .setSummary(Bounded.line(summary, Bounded.SUMMARY))
            .setStartToCloseTimeout(Duration.ofSeconds(30))
            .setScheduleToStartTimeout(Duration.ofSeconds(20))
            .setScheduleToCloseTimeout(PATIENCE)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(3).build())
            .build());
  }
}
