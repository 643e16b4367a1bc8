package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.RunNow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One token means one run, whatever happens to it. */
class IdempotencyTokenTest {
  @AutoClose private final TestWorkspace test;

  IdempotencyTokenTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void theSameTokenFindsTheSameRunDuringItAndAfterItFailed() {
    long first = test.submit(TestWorkspace.submission().setIdempotencyToken("train/1"));
    FakeRunner.FakeTask task = test.runner.next();
    assertThat(test.submit(TestWorkspace.submission().setIdempotencyToken("train/1")))
        .isEqualTo(first);
    task.fails("boom");
    Clients.awaitEnd(test.client, first, TestWorkspace.LIMIT);

    assertThat(test.submit(TestWorkspace.submission().setIdempotencyToken("train/1")))
        .isEqualTo(first);
    assertThat(test.runner.isIdle()).isTrue();
    assertThat(test.submit(TestWorkspace.submission().setIdempotencyToken("train/2")))
        .isNotEqualTo(first);
  }

  @Test
  void withoutATokenEachCallIsARun() {
    assertThat(test.submit(TestWorkspace.submission()))
        .isNotEqualTo(test.submit(TestWorkspace.submission()));
  }

  @Test
  void aJobsRunHasTokensToo() {
    long job =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("score")
                    .setMaxConcurrentRuns(5L)
                    .setGitSource(TestWorkspace.git())
                    .setTasks(List.of(TestWorkspace.task("score"))))
            .getJobId();
    RunNow run = new RunNow().setJobId(job).setIdempotencyToken("batch/1");

    long first = test.client.jobs().runNow(run).getResponse().getRunId();

    assertThat(test.client.jobs().runNow(run).getResponse().getRunId()).isEqualTo(first);
    assertThat(test.client.jobs().runNow(new RunNow().setJobId(job)).getResponse().getRunId())
        .isNotEqualTo(first);
  }

  @Test
  void aTokenHasAtMost64Characters() {
    assertThatThrownBy(
            () -> test.submit(TestWorkspace.submission().setIdempotencyToken("x".repeat(65))))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining("'idempotency_token' has 65 characters; allowed are at most 64");
    assertThat(test.submit(TestWorkspace.submission().setIdempotencyToken("x".repeat(64))))
        .isPositive();
  }

  @Test
  void manyCallsAtOnceWithOneTokenMakeOneRun() throws Exception {
    Set<Long> runs = ConcurrentHashMap.newKeySet();
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> call =
          () -> runs.add(test.submit(TestWorkspace.submission().setIdempotencyToken("one")));
      for (Future<Boolean> done : calls.invokeAll(java.util.Collections.nCopies(16, call))) {
        done.get();
      }
    }

    assertThat(runs).hasSize(1);
    test.runner.next();
    assertThat(test.runner.isIdle()).isTrue();
  }
}
