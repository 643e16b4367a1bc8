package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.attempt.ActivityEnvironments;
import dev.portage.job.JobActivities;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult.Ending;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActivityWaitTest {
  private static final String GET = "GET /api/2.2/jobs/runs/get";
  private static final String RUNNING = "{\"state\": {\"life_cycle_state\": \"RUNNING\"}}";
  private static final RunRef RUN = new RunRef("dev", null, 17, null);

  private final FakeWorkspace workspace = FakeWorkspace.start();
  private final TestActivityEnvironment temporal = ActivityEnvironments.start();

  @BeforeEach
  void register() {
    temporal.registerActivitiesImplementations(
        new DatabricksJobs(
            workspace.clients(), new Orders.MemoryUndoStore(), ActivityWait.ofActivity()));
  }

  @AfterEach
  void stop() {
    temporal.close();
    workspace.close();
  }

  @Test
  void aWaitReportsToTemporalWhatItWaitsFor() {
    CopyOnWriteArrayList<String> beats = new CopyOnWriteArrayList<>();
    temporal.setActivityHeartbeatListener(String.class, beats::add);
    workspace
        .on(GET, "{\"state\": {\"life_cycle_state\": \"SKIPPED\"}}")
        .once(GET, FakeWorkspace.json(200, RUNNING));

    assertThat(temporal.newActivityStub(JobActivities.class).awaitRun(RUN).ending())
        .isEqualTo(Ending.NOT_RUN);
    assertThat(beats).contains("run 17: RUNNING");
  }

  @Test
  void aCancelledWaitEndsAsCancelled() {
    workspace.on(
        GET,
        _ -> {
          temporal.requestCancelActivity();
          return FakeWorkspace.json(200, RUNNING);
        });

    assertThatThrownBy(() -> temporal.newActivityStub(JobActivities.class).awaitRun(RUN))
        .isInstanceOf(CanceledFailure.class);
    assertThat(workspace.calls(GET)).hasSizeLessThanOrEqualTo(2);
  }
}
