package dev.portage.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveSeen;
import dev.portage.live.LiveState;
import dev.portage.plan.Action;
import dev.portage.registry.Marking;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Identity;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.SettingsOrder;
import dev.portage.settings.Station;
import dev.portage.settings.WorkspaceNames;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Triggers;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * One of them waits for 20 real seconds: the test server skips no time while an activity is due.
 */
@Execution(ExecutionMode.CONCURRENT)
class PreflightWorkflowTest {

  /** The test server skips no time while an activity is due. */
  private static final WorkspaceCalls.WorkerTimeouts SHORT =
      new WorkspaceCalls.WorkerTimeouts(
          Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(500));

  @AutoClose private final TestWorkflowEnvironment environment = TestTemporal.skippingTime();

  private Pollers pollers = Pollers.NONE;

  private SettingsActivities settings =
      _ -> {
        throw Failures.of(
            Problem.of(
                FailureKind.USER,
                "read the file",
                "promotion.yaml:1",
                "unknown key \"gate\"",
                "write \"gates\""));
      };

  @Test
  void theDoctorListsEveryWorkspacesFindings() {
    workers(
        Map.of(
            "dev",
                new WorkspaceReport(
                    "dev", "111", List.of(Finding.ok("workspace dev", "login", "as ana"))),
            "prod",
                new WorkspaceReport(
                    "prod",
                    "222",
                    List.of(
                        Finding.failed(
                            "workspace prod", "pool", "none", "ask for CAN_ATTACH_TO")))));
    PreflightReport report = check(new PreflightOrder(null, null, null, null));
    assertThat(report.passed()).isFalse();
    assertThat(report.findings())
        .extracting(Finding::where)
        .containsExactly("workspace dev", "workspace prod");
    assertThat(report.findings().getLast().remedy()).contains("CAN_ATTACH_TO");
  }

  @Test
  @Tag("S1.24")
  void twoNamesForOneWorkspaceAreRefused() {
    workers(
        Map.of(
            "dev", new WorkspaceReport("dev", "111", List.of()),
            "prod", new WorkspaceReport("prod", "111", List.of())));
    PreflightReport report = check(new PreflightOrder(null, null, null, null));
    assertThat(report.passed()).isFalse();
    assertThat(report.findings().getLast().text()).contains("the same workspace as dev (111)");
  }

  @Test
  @Tag("S1.24")
  @Tag("S1.26")
  void twoEnvironmentsOfOneWorkspaceAreTwoAsLongAsTheirNamesDoNotMeet() {
    workers(sharing("prod.{table}"));
    assertThat(check(new PreflightOrder(null, null, null, null)).passed()).isTrue();
  }

  @Test
  @Tag("S1.24")
  void twoEnvironmentsOfOneWorkspaceAreRefusedByTheNameThatMeets() {
    workers(sharing("QA.{table}"));
    PreflightReport report = check(new PreflightOrder(null, null, null, null));
    assertThat(report.passed()).isFalse();
    assertThat(report.findings().getLast().text())
        .isEqualTo(
            "this is the same workspace as dev (111), and both would use the tables \"QA.{table}\"");
    assertThat(report.findings().getLast().remedy()).contains("give it tables of its own");
  }

  private static Map<String, WorkspaceReport> sharing(String tables) {
    return Map.of(
        "dev",
        new WorkspaceReport("dev", "111", List.of())
            .named(
                new WorkspaceNames(
                    "qa.ml.{model}", "/Shared/qa/{model}", "qa.{table}", "{job}-qa")),
        "prod",
        new WorkspaceReport("prod", "111", List.of())
            .named(new WorkspaceNames("prod.ml.{model}", "/Shared/{model}", tables, "{job}")));
  }

  @Test
  void aWorkspaceWithoutAWorkerIsReported() {
    workers(Map.of("dev", new WorkspaceReport("dev", "111", List.of())));
    PreflightReport report = check(new PreflightOrder(null, null, null, null));
    assertThat(report.findings().getLast())
        .isEqualTo(
            Finding.unanswered(
                "workspace prod",
                "worker",
                "no worker polls task queue portage/prod",
                "portage worker --workspaces prod"));
    assertThat(Finding.onlyUnanswered(report.findings())).isTrue();
  }

  @Test
  void aBusyWorkerIsAwaitedAndDistinguishedFromAMissingOne() {
    pollers = Pollers.ASKING;
    workers(Map.of("dev", new WorkspaceReport("dev", "111", List.of())));
    PreflightReport report = check(new PreflightOrder(null, null, null, null));
    assertThat(report.findings().getLast().text())
        .isEqualTo("workers were too busy to check within 0 s (task queue portage/prod)");
    assertThat(report.findings().getLast().unanswered()).isTrue();
  }

  @Test
  void aWrongFileIsReportedWithItsLineAndNoWorkspaceIsAsked() {
    workers(Map.of());
    PreflightReport report =
        check(
            new PreflightOrder(
                new SettingsOrder("promotion.yaml", "gate: {}", List.of()), "p", "h", null));
    assertThat(report.findings())
        .containsExactly(
            Finding.failed(
                "promotion.yaml:1", "the file", "unknown key \"gate\"", "write \"gates\""));
  }

  @Test
  void aPastScheduleIsRefusedTogetherWithOtherFindings() {
    scheduled("0 0 6 * * ? 2024");
    PreflightReport report = check(file());
    assertThat(report.passed()).isFalse();
    assertThat(report.findings())
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.LACK)
        .extracting(Finding::what)
        .containsExactly("pool", "batch.schedule");
    assertThat(report.findings().getLast().where()).isEqualTo("promotion.yaml");
    assertThat(report.findings().getLast().text())
        .isEqualTo(
            "\"0 0 6 * * ? 2024\" is entirely in the past: the job would never run on its schedule");
  }

  @Test
  @Tag("S1.24")
  void twoAddressesOfOneWorkspaceAreRefusedByANameThatThePromotionUsesInBoth() {
    settings = _ -> named("qa-qa-churn", "qa-churn");
    workers(
        Map.of(
            "dev",
            new WorkspaceReport("dev", "111", List.of())
                .named(
                    new WorkspaceNames("{model}", "/Shared/dev/{model}", "dev.{table}", "{job}")),
            "prod",
            new WorkspaceReport("prod", "111", List.of())
                .named(
                    new WorkspaceNames(
                        "qa-{model}", "/Shared/prod/{model}", "prod.{table}", "{job}-p"))));

    assertThat(check(file()).findings())
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.LACK)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.where()).isEqualTo("workspace prod");
          assertThat(finding.text())
              .isEqualTo(
                  "this is the same workspace as dev (111), and both would use the registered models"
                      + " \"qa-churn\"");
        });
  }

  private static Settings named(String prod, String dev) {
    Station first = station("dev");
    Station last = station("prod");
    return Settings.of(
            "qa-churn",
            List.of(
                new Station("dev", first.kind(), first.capabilities(), dev, Marking.ALIASES),
                new Station("prod", last.kind(), last.capabilities(), prod, Marking.ALIASES)),
            "/Shared/x",
            Identity.CLAIMED,
            Duration.ofMinutes(10))
        .build();
  }

  @Test
  void whatWouldStartElsewhereIsRefusedInEachWorkspaceBeforeAnythingStarts() {
    PreflightReport report =
        starting(
            new Triggers(List.of(trigger("chat", Event.CANDIDATE, false)), null),
            new Triggers(
                List.of(
                    trigger("nightly", Event.VERSION, false),
                    trigger("nightly", Event.CHAMPION, false),
                    trigger("audit", Event.VERSION, false)),
                null));
    assertThat(report.passed()).isFalse();
    assertThat(report.findings())
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.LACK)
        .extracting(Finding::where, Finding::text)
        .containsExactly(
            tuple("workspace dev", "job chat (7) starts when churn gets another candidate"),
            tuple(
                "workspace prod",
                "job nightly (7) starts when churn gets a version, and when it gets another"
                    + " champion; job audit (7) starts when churn gets a version"));
    assertThat(report.findings().getLast().remedy())
        .contains("workspaces.prod.allow-triggers in the platform file: [\"nightly\", \"audit\"]");
  }

  @Test
  void whatMayStartElsewhereIsInThePlanAndWhatIsHiddenIsSaid() {
    PreflightReport report =
        starting(
            new Triggers(List.of(trigger("chat", Event.CHAMPION, true)), null),
            new Triggers(List.of(trigger("nightly", Event.CHAMPION, true)), "list webhooks: 403"));
    assertThat(report.passed()).isTrue();
    assertThat(report.findings())
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.NOTE)
        .extracting(Finding::text)
        .containsExactly(
            "job chat (7) starts when churn gets another champion; the platform file allows it",
            "job nightly (7) starts when churn gets another champion; the platform file allows it",
            "it is known in part: list webhooks: 403");
    assertThat(report.plans().getFirst().actions())
        .filteredOn(action -> action.then().equals("starts"))
        .extracting(Action::step, Action::what)
        .containsExactly(
            tuple("prod/champion", "job nightly (7) in prod"),
            tuple("close", "job chat (7) in dev"));
  }

  @Test
  void whatThePromotionWillNotChangeAnyMoreIsANote() {
    String stays = "endpoint churn with version 1 stays as it is. To remove it: COMMAND";

    PreflightReport report =
        starting(
            Triggers.none(),
            Triggers.none(),
            new LiveSeen(List.of(LiveState.none("champion", "nothing")), null, null, null)
                .leaving(List.of(stays)));

    assertThat(report.passed()).isTrue();
    assertThat(report.findings())
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.NOTE)
        .containsExactly(
            new Finding("workspace prod", "what stays live", Finding.Verdict.NOTE, stays, null));
  }

  private PreflightReport starting(Triggers dev, Triggers prod) {
    return starting(
        dev, prod, new LiveSeen(List.of(LiveState.none("champion", "nothing")), null, null, null));
  }

  private PreflightReport starting(Triggers dev, Triggers prod, LiveSeen seen) {
    settings = _ -> named("churn", "churn");
    workers(
        Map.of(
            "dev",
            new WorkspaceReport("dev", "111", List.of(), new LiveNow(null, null, null, null, dev)),
            "prod",
            new WorkspaceReport(
                "prod", "222", List.of(), new LiveNow(null, seen, null, null, prod))));
    return check(file());
  }

  private static Trigger trigger(String name, Event event, boolean allowed) {
    return new Trigger(Trigger.Kind.JOB, "7", name, event, allowed);
  }

  @Test
  void aScheduleThatStillFiresIsNoFinding() {
    scheduled("0 0 6 * * ?");
    assertThat(check(file()).findings()).extracting(Finding::what).doesNotContain("batch.schedule");
  }

  private static PreflightOrder file() {
    return new PreflightOrder(
        new SettingsOrder("promotion.yaml", "model: churn", List.of()), "p", "h", null);
  }

  private void scheduled(String schedule) {
    settings =
        _ ->
            Settings.of(
                    "churn",
                    List.of(station("dev"), station("prod")),
                    "/Shared/churn",
                    Identity.CLAIMED,
                    Duration.ofMinutes(10))
                .batch(
                    new BatchSettings(
                        "churn-batch",
                        "notebooks/score.py",
                        "churn_predictions",
                        Map.of(),
                        schedule,
                        "UTC",
                        Duration.ofHours(1)))
                .build();
    workers(
        Map.of(
            "dev",
            new WorkspaceReport(
                "dev", "111", List.of(Finding.failed("workspace dev", "pool", "none", "make it"))),
            "prod",
            new WorkspaceReport("prod", "222", List.of())));
  }

  private static Station station(String workspace) {
    return new Station(
        workspace, "databricks", Set.of(Station.Capability.values()), "churn", Marking.ALIASES);
  }

  private PreflightReport check(PreflightOrder order) {
    return environment
        .getWorkflowClient()
        .newWorkflowStub(
            PreflightWorkflow.class,
            WorkflowOptions.newBuilder().setTaskQueue(Queues.PORTAGE).build())
        .check(order);
  }

  private void workers(Map<String, WorkspaceReport> reports) {
    environment
        .newWorker(Queues.PORTAGE)
        .registerWorkflowImplementationFactory(
            PreflightWorkflow.class, () -> new PreflightWorkflowImpl(new WorkspaceCalls(SHORT)));
    PlatformActivities platform = KnownWorkspaces.of("dev", "prod");
    QueueActivities queues = queue -> pollers;
    environment
        .getWorkerFactory()
        .getWorker(Queues.PORTAGE)
        .registerActivitiesImplementations(platform, settings, queues);
    reports.forEach((name, report) -> {
      WorkspaceActivities workspace = needs -> report;
      environment.newWorker(Queues.of(name)).registerActivitiesImplementations(workspace);
    });
    environment.start();
  }
}
