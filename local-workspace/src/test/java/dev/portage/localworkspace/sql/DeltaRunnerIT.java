package dev.portage.localworkspace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements are answered by processes that stay, and that may die. */
class DeltaRunnerIT {
  private static final String TEN_ROWS =
      "CREATE TABLE ten AS "
          + String.join(" UNION ALL ", Collections.nCopies(10, "SELECT 1 AS id"));

  /** Takes longer than anybody waits. */
  private static final String ENDLESS =
      "SELECT count(*) FROM "
          + String.join(
              ", ", List.of("ten a", "ten b", "ten c", "ten d", "ten e", "ten f", "ten g"))
          + ", ten h, ten i, ten j, ten k, ten l, ten m, ten n WHERE a.id + n.id > 0";

  @TempDir Path folder;
  private DeltaRunner runner;

  @BeforeEach
  void start() throws IOException {
    runner =
        new DeltaRunner(
            Python.executable(),
            folder.resolve("scripts"),
            folder.resolve("tables"),
            folder.resolve("work"));
  }

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void statementsOneAfterAnotherShareAProcessAlsoAfterAnError() throws Exception {
    run(TEN_ROWS);
    long first = onlyProcess().pid();
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> run("SELECT * FROM none"));

    assertThat(failure).hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
    assertThat(first(run("SELECT count(*) FROM ten"))).isEqualTo("10");
    assertThat(first(run("SELECT '\u00e4\n\u4e16' FROM ten LIMIT 1"))).isEqualTo("\u00e4\n\u4e16");
    assertThat(onlyProcess().pid()).isEqualTo(first);
  }

  @Test
  void statementsAtOnceRunBesideOneAnotherAndFewProcessesStay() throws Exception {
    run(TEN_ROWS);
    List<Future<JsonNode>> answers = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        answers.add(executor.submit(() -> run("SELECT sum(id) FROM ten")));
      }
    }

    for (Future<JsonNode> answer : answers) {
      assertThat(first(answer.get())).isEqualTo("10");
    }
    assertThat(processes()).hasSizeBetween(1, 2);
  }

  @Test
  void aStatementThatIsCancelledTakesItsProcessAlongAndTheNextIsAnswered() throws Exception {
    run(TEN_ROWS);
    ProcessHandle busy = onlyProcess();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> endless = executor.submit(() -> run(ENDLESS));
      awaitComputing(busy);

      endless.cancel(true);
    }

    assertThat(busy.onExit()).succeedsWithin(Duration.ofSeconds(30));
    assertThat(first(run("SELECT count(*) FROM ten"))).isEqualTo("10");
  }

  @Test
  void aProcessThatDiedMeanwhileIsReplaced() throws Exception {
    run(TEN_ROWS);
    ProcessHandle idle = onlyProcess();
    idle.destroyForcibly();
    assertThat(idle.onExit()).succeedsWithin(Duration.ofSeconds(30));

    assertThat(first(run("SELECT count(*) FROM ten"))).isEqualTo("10");
  }

  @Test
  void aProcessThatCannotStartSaysWhatPythonSaid() throws Exception {
    runner.close();
    Path empty = folder.resolve("scripts");
    runner = new DeltaRunner(Python.executable(), empty, folder.resolve("tables"), folder);
    Files.writeString(empty.resolve("select_statement.py"), "read = 1 +\n");

    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> run("SELECT 1"));

    assertThat(failure)
        .hasMessageContaining("Python exited with 1 and no result: SyntaxError: invalid syntax");
  }

  @Test
  void closingEndsTheProcessThatWaitsAndTheOneThatComputes() throws Exception {
    run(TEN_ROWS);
    ProcessHandle busy = onlyProcess();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<JsonNode> endless = executor.submit(() -> run(ENDLESS));
      awaitComputing(busy);
      assertThat(first(run("SELECT count(*) FROM ten"))).isEqualTo("10");
      assertThat(processes()).hasSize(2);

      runner.close();

      assertThat(processes()).isEmpty();
      assertThat(endless)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("Python exited with");
    }
  }

  private JsonNode run(String statement) throws SqlFailure, InterruptedException {
    return runner.run(new SqlRunner.Query(statement, Map.of(), null, null, null));
  }

  private static void awaitComputing(ProcessHandle process) throws InterruptedException {
    Duration before = process.info().totalCpuDuration().orElseThrow();
    Instant until = Instant.now().plusSeconds(60);
    while (process.info().totalCpuDuration().orElseThrow().minus(before).toMillis() < 200) {
      assertThat(Instant.now()).isBefore(until);
      Thread.sleep(10);
    }
  }

  private static String first(JsonNode answer) {
    return answer.path("rows").path(0).path(0).asText();
  }

  private ProcessHandle onlyProcess() {
    List<ProcessHandle> all = processes();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private List<ProcessHandle> processes() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
        .filter(ProcessHandle::isAlive)
        .toList();
  }
}
