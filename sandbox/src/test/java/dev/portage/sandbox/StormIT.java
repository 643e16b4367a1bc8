package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.approval.DecisionMessage;
import dev.portage.connection.TemporalConnection;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.WorkerProcess;
import dev.portage.sandbox.world.World;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * More refused messages than one run of a workflow can hold, while a promotion waits for people and
 * all of its workers die, even at the moment when it continues as a new run.
 */
@OwnsTheWorld
class StormIT {

  /** Beyond 2,000 events a promotion continues as a new run. */
  private static final int SMALL = 2_500;

  /** Beyond 1 MiB, too, so each of these makes it continue as a new run. */
  private static final int LARGE = 3;

  private static final String LARGE_TEXT = "x".repeat(1_900_000);

  private static final int SENDERS = 8;

  @Test
  void thePromotionContinuesAsNewRunsAndTheRightDecisionCounts() throws Exception {
    World world = TheWorld.world();
    assumeThat(world.temporal().ui()).as("a real Temporal server, see build/temporal").isPresent();
    Team team = Team.tiny("stormy");
    String promotion = team.commit("A model that many shout at");
    Result waiting = team.start();
    assertThat(waiting.code()).as(waiting.out()).isEqualTo(4);
    try (TemporalConnection temporal =
            TemporalConnection.open(Map.of(), team.repository().folder());
        Witness witness = new Witness(world)) {
      WorkflowStub workflow = temporal.client().newUntypedWorkflowStub(promotion);
      send(workflow, 0, SMALL / 4);
      died(world, () -> send(workflow, SMALL / 4, SMALL));
      await(team, promotion, SMALL);
      for (int i = 1; i < LARGE; i++) {
        workflow.signal("noise", LARGE_TEXT);
        await(team, promotion, SMALL + i);
      }
      // Reading it takes a worker longer than dying, so the task that hands over is lost.
      workflow.signal("noise", LARGE_TEXT);
      died(world, () -> {});
      await(team, promotion, SMALL + LARGE);

      // All are counted before the run hands over, which may be a while later on a busy machine.
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .untilAsserted(() -> assertThat(runs(temporal, promotion)).hasSizeGreaterThan(2));
      JsonNode found = team.start().json();
      assertThat(found.at("/id").asText()).isEqualTo(promotion);
      assertThat(found.at("/state").asText()).isEqualTo("WAITING");

      Result end = team.approveAndWatch(promotion);
      assertThat(end.code()).as(end.out()).isEqualTo(0);
      assertThat(refused(end.json())).isEqualTo(SMALL + LARGE);
      assertThat(end.json().at("/decisions")).hasSize(1);
      OneOfEverything.isThere(witness, team.model(), promotion, end.json());
      Result listed = team.commands().json("list", "--model", team.model());
      assertThat(listed.json().at("/promotions")).as(listed.out()).hasSize(1);
    }
  }

  /** Sends those with these numbers, some at a time. */
  private static void send(WorkflowStub workflow, int from, int to) {
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = from; i < to; i++) {
        int number = i;
        sent.add(senders.submit(() -> junk(workflow, number)));
      }
      for (Future<?> each : sent) {
        each.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static void junk(WorkflowStub workflow, int number) {
    switch (number % 3) {
      case 0 -> workflow.signal("approve", "no decision");
      case 1 -> workflow.signal("noise", number);
      default ->
          workflow.signal(
              "approve",
              new DecisionMessage("prod-1", "eve" + number + "@example.com", null, null, null));
    }
  }

  /** Kills all workers at once, and does something in the meantime. */
  private static void died(World world, Runnable meanwhile) {
    List<WorkerProcess> workers = World.WORKSPACES.stream().map(world::worker).toList();
    List<Integer> starts = workers.stream().map(WorkerProcess::starts).toList();
    workers.forEach(WorkerProcess::kill);
    meanwhile.run();
    for (int i = 0; i < workers.size(); i++) {
      WorkerProcess worker = workers.get(i);
      int before = starts.get(i);
      Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> worker.starts() > before);
    }
  }

  /** Waits until this many messages are counted as refused, each once. */
  private static void await(Team team, String promotion, int refused) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollDelay(Duration.ZERO)
        .until(
            () -> refused(team.commands().json("status", promotion).json()),
            count -> {
              assertThat(count).isLessThanOrEqualTo(refused);
              return count == refused;
            });
  }

  private static int refused(JsonNode view) {
    return view.at("/refused").size() + view.at("/leftOut/refused").asInt();
  }

  /** Runs of the workflow, oldest first. */
  private static List<String> runs(TemporalConnection temporal, String promotion) {
    Deque<String> runs = new ArrayDeque<>();
    String run =
        temporal.client().newUntypedWorkflowStub(promotion).describe().getExecution().getRunId();
    while (!run.isEmpty()) {
      runs.addFirst(run);
      WorkflowExecutionStartedEventAttributes began =
          temporal
              .client()
              .fetchHistory(promotion, run)
              .getEvents()
              .getFirst()
              .getWorkflowExecutionStartedEventAttributes();
      run = began.getContinuedExecutionRunId();
    }
    return List.copyOf(runs);
  }
}
