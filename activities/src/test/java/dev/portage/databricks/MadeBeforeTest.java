package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.attempt.ActivityEnvironments;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import io.temporal.testing.TestActivityEnvironment;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The next attempt knows a job that was created, whatever the list shows. */
class MadeBeforeTest {
  private final FakeWorkspace workspace = FakeWorkspace.start();
  private final FakeJobs there = new FakeJobs(workspace);
  private final TestActivityEnvironment temporal = ActivityEnvironments.start();

  @BeforeEach
  void register() {
    temporal.registerActivitiesImplementations(
        new DatabricksJobs(workspace.clients(), new Orders.MemoryUndoStore(), new FakeWait()));
  }

  @AfterEach
  void stop() {
    temporal.close();
    workspace.close();
  }

  @Test
  void anAttemptTellsTheNextOneWhatItCreatedEvenIfItFailsAfterwards() {
    CopyOnWriteArrayList<Long> told = new CopyOnWriteArrayList<>();
    temporal.setActivityHeartbeatListener(Long.class, told::add);
    there.oldPictures = 20;

    assertThatThrownBy(() -> apply()).rootCause().hasMessageContaining("is not visible yet");

    assertThat(told).contains(101L);
  }

  @Test
  void theNextAttemptUsesItAlthoughTheListDoesNotShowIt() {
    apply();
    there.listIsBehind = true;
    temporal.setHeartbeatDetails(101L);

    assertThat(apply().now().jobId()).isEqualTo(101L);
    assertThat(workspace.calls("POST /api/2.2/jobs/create")).hasSize(1);
  }

  private JobChange apply() {
    return temporal
        .newActivityStub(JobActivities.class)
        .applyJob(Orders.scoring("promotion/churn/a", "1"));
  }
}
