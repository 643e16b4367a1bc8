package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.job.RunResult.Ending;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A run is cancelled once, and awaited until it has ended. */
class RunCancelTest extends WatchedRun {
  @Test
  void cancellingAnEndedRunOnlySaysHowItEnded() {
    answers(ended("TERMINATED", "SUCCESS"));

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
    assertThat(workspace.calls(CANCEL)).isEmpty();
  }

  @Test
  void cancellingWaitsUntilTheRunHasEnded() {
    answers(RUNNING, RUNNING, RUNNING, ended("TERMINATED", "CANCELED"));
    workspace.on(CANCEL, "{}");

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.CANCELLED);
    assertThat(workspace.calls(CANCEL)).hasSize(1);
  }

  @Test
  void aRepeatedCancelIsNotSentWhileTheRunIsEnding() {
    answers(RUNNING);
    workspace.on(CANCEL, "{}");
    assertThatThrownBy(() -> jobs.cancelRun(RUN)).hasMessageContaining("it is still RUNNING");
    String ending = "{\"state\": {\"life_cycle_state\": \"TERMINATING\"}}";
    answers(ending, ending, ended("TERMINATED", "CANCELED"));

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.CANCELLED);
    assertThat(workspace.calls(CANCEL)).hasSize(1);
  }

  @Test
  void aRunThatEndsDuringItsCancelIsNoFailure() {
    answers(RUNNING, ended("TERMINATED", "SUCCESS"));
    workspace.on(CANCEL, _ -> FakeWorkspace.refusal(400, "INVALID_STATE", "it has ended"));

    assertThat(jobs.cancelRun(RUN).ending()).isEqualTo(Ending.SUCCESS);
  }

  @Test
  void aRunThatDoesNotEndIsLeftToTemporalsRetries() {
    answers(RUNNING);
    workspace.on(CANCEL, "{}");

    assertThatThrownBy(() -> jobs.cancelRun(RUN)).hasMessageContaining("it is still RUNNING");
    assertThat(waiting.waited()).isLessThan(Duration.ofSeconds(30));
  }
}
