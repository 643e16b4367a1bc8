package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.JobAccessControlRequest;
import com.databricks.sdk.service.jobs.JobPermissionLevel;
import com.databricks.sdk.service.jobs.JobPermissionsRequest;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunLifeCycleState;
import com.databricks.sdk.service.jobs.RunNow;
import com.databricks.sdk.service.jobs.RunResultState;
import com.databricks.sdk.service.jobs.RunTask;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.jobs.TaskDependency;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a workspace still has after it was killed, or stopped in order, and started again. */
class RestartTest {
  private final Path folder;
  @AutoClose private final TestWorkspace test;

  RestartTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    test = TestWorkspace.in(folder.resolve("first"));
  }

  private TestWorkspace killedAndStarted() throws IOException {
    return killedAndStarted("first", "second");
  }

  /**
   * A copy of the disk at this moment, opened by another workspace: what a killed one leaves
   * behind.
   */
  private TestWorkspace killedAndStarted(String killed, String started) throws IOException {
    copy(killed, started);
    return TestWorkspace.in(folder.resolve(started));
  }

  private void copy(String killed, String started) throws IOException {
    Path from = folder.resolve(killed);
    Path to = folder.resolve(started);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  @Test
  @Tag("S3.25")
  void jobsPermissionsRunsAndTokensSurviveACrash() throws IOException {
    long job =
        test.client
            .jobs()
            .create(
                new CreateJob()
                    .setName("score")
                    .setTags(Map.of("team", "risk"))
                    .setGitSource(TestWorkspace.git())
                    .setTasks(List.of(TestWorkspace.task("score"))))
            .getJobId();
    test.client
        .jobs()
        .updatePermissions(
            new JobPermissionsRequest()
                .setJobId(Long.toString(job))
                .setAccessControlList(
                    List.of(
                        new JobAccessControlRequest()
                            .setUserName("vera@example.com")
                            .setPermissionLevel(JobPermissionLevel.CAN_MANAGE))));
    RunNow order = new RunNow().setJobId(job).setIdempotencyToken("batch/1");
    long run = test.client.jobs().runNow(order).getResponse().getRunId();
    test.runner.next().succeeds("{\"rows\": 7}");
    Run before = Clients.awaitEnd(test.client, run, TestWorkspace.LIMIT);

    try (TestWorkspace again = killedAndStarted()) {
      assertThat(again.client.jobs().get(job).getSettings())
          .usingRecursiveComparison()
          .isEqualTo(test.client.jobs().get(job).getSettings());
      assertThat(again.client.jobs().get(job).getCreatorUserName()).isEqualTo("ana@example.com");
      assertThat(again.client.jobs().getPermissions(Long.toString(job)))
          .usingRecursiveComparison()
          .isEqualTo(test.client.jobs().getPermissions(Long.toString(job)));
      Run after = again.client.jobs().getRun(run);
      assertThat(after)
          .usingRecursiveComparison()
          .ignoringFieldsMatchingRegexes(".*runPageUrl")
          .isEqualTo(before);
      assertThat(
              again
                  .client
                  .jobs()
                  .getRunOutput(Clients.taskRunId(after))
                  .getNotebookOutput()
                  .getResult())
          .isEqualTo("{\"rows\": 7}");
      assertThat(again.client.jobs().runNow(order).getResponse().getRunId())
          .as("a token that is spent")
          .isEqualTo(run);
      assertThat(again.runner.isIdle()).isTrue();
    }
  }

  @Test
  void aRunThatACrashCutShortContinuesAsAnotherAttempt() throws IOException {
    long run = test.submit(TestWorkspace.submission().setIdempotencyToken("train/1"));
    FakeRunner.FakeTask cutShort = test.runner.next();

    try (TestWorkspace again = killedAndStarted()) {
      FakeRunner.FakeTask task = again.runner.next();
      assertThat(task.launch().ids().jobRun()).isEqualTo(run);
      assertThat(task.launch().ids().taskRun())
          .as("what an attempt wrote into MLflow is told apart by its id")
          .isGreaterThan(cutShort.launch().ids().taskRun());
      assertThat(task.launch().work()).isEqualTo(cutShort.launch().work());
      assertThat(again.submit(TestWorkspace.submission().setIdempotencyToken("train/1")))
          .isEqualTo(run);
      task.succeeds("done");

      Run ended = Clients.awaitEnd(again.client, run, TestWorkspace.LIMIT);

      assertThat(ended.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
      assertThat(ended.getTasks())
          .extracting(RunTask::getRunId, RunTask::getAttemptNumber)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(cutShort.launch().ids().taskRun(), 0L),
              org.assertj.core.groups.Tuple.tuple(task.launch().ids().taskRun(), 1L));
      assertThat(again.runner.isIdle()).isTrue();
    }
  }

  @Test
  void aRunThatIsCutShortTwiceIsInItsThirdAttempt() throws IOException {
    long run = test.submit(TestWorkspace.submission());
    test.runner.next();
    try (TestWorkspace second = killedAndStarted()) {
      second.runner.next();
      try (TestWorkspace third = killedAndStarted("second", "third")) {
        third.runner.next();
        assertThat(third.client.jobs().getRun(run).getTasks())
            .extracting(RunTask::getAttemptNumber)
            .containsExactly(0L, 1L, 2L);
      }
    }
  }

  /** It may have been started at the same time and take longer. */
  @Test
  void aRunContinuesOnceItsServerAnswers() throws Exception {
    test.submit(TestWorkspace.submission());
    test.runner.next();
    copy("first", "second");
    AtomicInteger asked = new AtomicInteger();
    HttpServer mlflow =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mlflow.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
          exchange.close();
        });
    mlflow.start();

    URI server = URI.create("http://127.0.0.1:" + mlflow.getAddress().getPort());
    try (TestWorkspace again = TestWorkspace.before(server, folder.resolve("second"))) {
      again.runner.next();
      assertThat(asked).hasValue(3);
    } finally {
      mlflow.stop(0);
    }
  }

  @Test
  void aTaskThatHadEndedIsNotRunAgain() throws IOException {
    long run =
        test.submit(
            TestWorkspace.submission()
                .setTasks(
                    List.of(
                        new SubmitTask()
                            .setTaskKey("prepare")
                            .setNotebookTask(TestWorkspace.notebook()),
                        new SubmitTask()
                            .setTaskKey("train")
                            .setNotebookTask(TestWorkspace.notebook())
                            .setDependsOn(List.of(new TaskDependency().setTaskKey("prepare"))))));
    test.runner.next().succeeds("prepared");
    test.runner.next();

    try (TestWorkspace again = killedAndStarted()) {
      FakeRunner.FakeTask task = again.runner.next();
      assertThat(task.launch().ids().taskKey()).isEqualTo("train");
      task.succeeds("trained");
      Run ended = Clients.awaitEnd(again.client, run, TestWorkspace.LIMIT);
      assertThat(ended.getState().getResultState()).isEqualTo(RunResultState.SUCCESS);
      assertThat(again.runner.isIdle()).isTrue();
    }
  }

  @Test
  void aRunThatWasBeingCancelledIsCancelled() throws IOException {
    long run = test.submit(TestWorkspace.submission());
    FakeRunner.FakeTask task = test.runner.next();
    test.client.jobs().cancelRun(run);
    task.awaitKill();

    try (TestWorkspace again = killedAndStarted()) {
      assertThat(again.client.jobs().getRun(run).getState().getResultState())
          .isEqualTo(RunResultState.CANCELED);
      assertThat(again.runner.isIdle()).isTrue();
    }
  }

  @Test
  void aRunContinuesAlsoAfterAnOrderlyStop() throws IOException {
    long run = test.submit(TestWorkspace.submission());
    FakeRunner.FakeTask task = test.runner.next();
    Thread.startVirtualThread(() -> {
      task.awaitKill();
      task.dies();
    });
    test.workspace.close();

    try (TestWorkspace again = TestWorkspace.in(folder.resolve("first"))) {
      assertThat(again.client.jobs().getRun(run).getState().getLifeCycleState())
          .isNotEqualTo(RunLifeCycleState.TERMINATED);
      again.runner.next().succeeds("done");
      assertThat(
              Clients.awaitEnd(again.client, run, TestWorkspace.LIMIT).getState().getResultState())
          .isEqualTo(RunResultState.SUCCESS);
    }
  }

  @Test
  void aDeletedJobStaysDeletedAndIdsAreNeverReused() throws IOException {
    long first = create("one");
    long second = create("two");
    test.client.jobs().delete(first);
    // As if the machine's clock were set back.
    Path later = folder.resolve("first/state/jobs").resolve((second + 1_000_000_000L) + ".json");
    Files.copy(folder.resolve("first/state/jobs/" + second + ".json"), later);

    try (TestWorkspace again = killedAndStarted()) {
      assertThat(again.client.jobs().list(new com.databricks.sdk.service.jobs.ListJobsRequest()))
          .extracting(job -> Objects.requireNonNull(job.getJobId()))
          .containsExactly(second + 1_000_000_000L, second);
      long next =
          again
              .client
              .jobs()
              .create(
                  new CreateJob()
                      .setName("three")
                      .setGitSource(TestWorkspace.git())
                      .setTasks(List.of(TestWorkspace.task("t"))))
              .getJobId();
      assertThat(next).isGreaterThan(second + 1_000_000_000L);
    }
  }

  @Test
  void damagedFilesDoNotPreventReadingTheRest() throws IOException {
    long job = create("one");
    Path jobs = folder.resolve("first/state/jobs");
    Files.writeString(jobs.resolve("7.new"), "{\"settings\":");
    Files.writeString(jobs.resolve("8.json"), "{\"settings\":");
    Files.writeString(folder.resolve("first/state/runs/9.json"), "{\"request\": {}}");

    try (TestWorkspace again = killedAndStarted()) {
      assertThat(again.client.jobs().get(job).getSettings().getName()).isEqualTo("one");
    }
  }

  private long create(String name) {
    return test.client
        .jobs()
        .create(
            new CreateJob()
                .setName(name)
                .setGitSource(TestWorkspace.git())
                .setTasks(List.of(TestWorkspace.task("t"))))
        .getJobId();
  }
}
