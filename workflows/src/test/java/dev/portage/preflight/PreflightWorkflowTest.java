package dev.portage.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.settings.SettingsActivities;
import dev.portage.settings.SettingsOrder;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * One of them waits for 20 real seconds: the test server skips no time while an activity is due.
 */
@Execution(ExecutionMode.CONCURRENT)
class PreflightWorkflowTest {

  /** The test server lets no time go by while an activity is to be done. */
  private static final Looks.Patience SHORT =
      new Looks.Patience(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(500));

  private final TestWorkflowEnvironment environment =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(
                  WorkflowClientOptions.newBuilder()
                      .setDataConverter(Payloads.dataConverter())
                      .build())
              .build());

  private Pollers pollers = Pollers.NONE;

  @AfterEach
  void stop() {
    environment.close();
  }

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
                        Finding.lack("workspace prod", "pool", "none", "ask for CAN_ATTACH_TO")))));
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
  void aWorkspaceWithoutAWorkerIsTold() {
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
  void aBusyWorkerIsWaitedForAndToldFromAMissingOne() {
    pollers = Pollers.ASKING;
    workers(Map.of("dev", new WorkspaceReport("dev", "111", List.of())));
    PreflightReport report = check(new PreflightOrder(null, null, null, null));
    assertThat(report.findings().getLast().text())
        .isEqualTo("workers were too busy to check within 0 s (task queue portage/prod)");
    assertThat(report.findings().getLast().unanswered()).isTrue();
  }

  @Test
  void aWrongFileIsToldWithItsLineAndNoWorkspaceIsAsked() {
    workers(Map.of());
    PreflightReport report =
        check(
            new PreflightOrder(
                new SettingsOrder("promotion.yaml", "gate: {}", List.of()), "p", "h", null));
    assertThat(report.findings())
        .containsExactly(
            Finding.lack(
                "promotion.yaml:1", "the file", "unknown key \"gate\"", "write \"gates\""));
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
            PreflightWorkflow.class, () -> new PreflightWorkflowImpl(SHORT));
    PlatformActivities platform = () -> List.of("dev", "prod");
    QueueActivities queues = queue -> pollers;
    SettingsActivities settings =
        order -> {
          throw Failures.of(
              Problem.of(
                  FailureKind.USER,
                  "read the file",
                  "promotion.yaml:1",
                  "unknown key \"gate\"",
                  "write \"gates\""));
        };
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
