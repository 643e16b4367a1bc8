package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.sandbox.TheWorld;
import dev.portage.sandbox.Together;
import dev.portage.sandbox.Witness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;

/**
 * Plays cells, some at a time: most of a fault is waiting. Each player has a model of its own, and
 * takes a new one after a cell that failed.
 */
final class Players {
  private final Operation operation;
  private final Deque<Cell> left;
  private final Map<Cell, Happened> happened = new ConcurrentHashMap<>();

  private Players(Operation operation, List<Cell> cells) {
    this.operation = operation;
    this.left = new ArrayDeque<>(cells);
  }

  /** Plays all of them, and returns what happened in each. */
  static Map<Cell, Happened> play(Operation operation, List<Cell> cells) {
    Players players = new Players(operation, cells);
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < Math.min(operation.atOnce(), cells.size()); i++) {
      int number = i;
      all.add(Together.begin(() -> players.player(number)));
    }
    // Of all, before anything is thrown: nobody plays on once the world is somebody else's.
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    return players.happened;
  }

  private synchronized @Nullable Cell next() {
    return left.poll();
  }

  private boolean player(int number) {
    @Nullable Crew crew = null;
    int crews = 0;
    try {
      for (Cell cell = next(); cell != null; cell = next()) {
        if (crew == null) {
          String model =
              operation.name().replace(' ', '_') + "_under_faults_" + number + "_" + crews++;
          try {
            crew = operation.crew(model, TheWorld.world());
          } catch (IOException | RuntimeException | AssertionError e) {
            record(cell, Happened.failed(cell, 0, "no release to begin with: " + said(e)));
            continue;
          }
        }
        Happened came = play(cell, crew);
        record(cell, came);
        if (came.problem() != null) {
          crew.close();
          crew = null;
        }
      }
      return true;
    } finally {
      if (crew != null) {
        crew.close();
      }
    }
  }

  private void record(Cell cell, Happened came) {
    System.err.println("  " + came);
    happened.put(cell, came);
    Records.add(came);
  }

  private static String said(Throwable problem) {
    return Objects.requireNonNullElse(problem.getMessage(), problem.toString());
  }

  private Happened play(Cell cell, Crew crew) {
    long began = System.nanoTime();
    try {
      operation.prepare(crew, cell);
      Standing before = Standing.of(crew);
      String id = operation.next(crew);
      began = System.nanoTime();
      Operation.Ending ending;
      List<String> champions;
      Injection injection = new Injection(cell, crew, id);
      try (injection;
          ChampionWatch watch = new ChampionWatch(TheWorld.world().mlflow("prod"), crew.model())) {
        ending = operation.play(crew, id, injection);
        injection.assertStruck();
        assertThat(ending.terminated() != null)
            .as("terminated")
            .isEqualTo(cell.fault() == Fault.HOLDER_TERMINATED);
        champions = watch.end();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      String outcome = operation.judge(cell, crew, ending, before);
      answeredThroughout(before, Standing.of(crew), withoutThoseOf(crew, ending, champions));
      return Happened.passed(
          cell, Reaction.of(cell, crew, id, ending, injection), outcome, took.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (IOException | RuntimeException | AssertionError e) {
      return Happened.failed(cell, Duration.ofNanos(System.nanoTime() - began).toMillis(), said(e));
    }
  }

  /** A promotion that was terminated may have been live before it was repeated. */
  private static List<String> withoutThoseOf(
      Crew crew, Operation.Ending ending, List<String> champions) {
    String terminated = ending.terminated();
    if (terminated == null) {
      return champions;
    }
    Set<String> its =
        crew.witness().versions("prod", crew.model()).stream()
            .filter(version -> terminated.equals(Witness.tags(version).get("portage_promotion")))
            .map(ModelVersion::getVersion)
            .collect(Collectors.toSet());
    return champions.stream().filter(version -> !its.contains(version)).toList();
  }

  /** Never none, never a third, and never back. */
  static void answeredThroughout(Standing before, Standing after, List<String> champions) {
    List<String> expected = new ArrayList<>(before.champions());
    if (!after.champions().equals(before.champions())) {
      expected.addAll(after.champions());
    }
    assertThat(champions).as("what answered in Production").isEqualTo(expected);
  }
}
