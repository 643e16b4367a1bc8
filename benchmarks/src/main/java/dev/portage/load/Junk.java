package dev.portage.load;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.promotion.PromotionView;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of meaningless signals to one promotion, then the right decision. Meanwhile a person
 * sends Updates now and then, which must be answered.
 */
final class Junk implements Scenario {
  private static final int AT_ONCE = 16;
  private static final Duration BETWEEN_UPDATES = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "junk";
  }

  @Override
  public String title(Size size) {
    return count(size) + " meaningless signals to one promotion, then an approval";
  }

  private static int count(Size size) {
    return size.of(100, 2_000, 20_000);
  }

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Promotions one = Promotions.ofModels(world, "junk", 1, null);
    one.startAndAwait(TIMEOUT);
    String id = one.ids().getFirst();
    WorkflowStub stub = world.client().newUntypedWorkflowStub(id);
    Meter.Reading before = world.meter().read();

    AtomicBoolean over = new AtomicBoolean();
    FutureTask<List<Duration>> person = begun(() -> updates(stub, over));
    Flood flood = new Flood(AT_ONCE, TIMEOUT);
    long began = System.nanoTime();
    flood.send(count(size), number -> send(stub, number));
    double sending = (System.nanoTime() - began) / 1e9;
    over.set(true);
    List<Duration> answered = Together.result(person);

    world.say("junk: " + flood.taken() + " sent; the right decision");
    Instant decided = Instant.now();
    Flood decision = new Flood(1, TIMEOUT);
    decision.send(1, _ -> stub.signal(BareWorkflow.DECISION, one.decision(id)));
    one.awaitReleased(TIMEOUT);

    Map<Part, Used> used = Meter.between(before, world.meter().read());
    History last = one.histories().getFirst();
    Instant ended = last.ended();
    List<String> runs = runs(world, id);
    return outcome(size)
        .figure(Figure.of("until all were sent", Spread.seconds(sending)))
        .figure(
            Figure.of(
                "answers that the server takes no signal at the moment; each was sent again",
                String.valueOf(flood.refused())))
        .figure(
            Figure.of(
                answered.size() + " Updates meanwhile, until the answer, p50 / p99",
                Spread.of(answered).shown()))
        .figure(Figure.of("runs of the promotion's workflow", String.valueOf(runs.size())))
        .figure(Figure.of("workflow tasks that did not count, by cause", lost(world, id, runs)))
        .figure(
            Figure.of(
                "from the right decision to the end",
                ended == null
                    ? "not ended"
                    : Spread.seconds(Duration.between(decided, ended).toNanos() / 1e9)))
        .figure(Figure.of("events of its last history", String.valueOf(last.events())))
        .used(used)
        .exact(Counted.now(world).released(one))
        .exact(counted(one.view(id), flood.taken() + answered.size()))
        .done(world.warnings());
  }

  /** One of the kinds that really come: unreadable, misspelt, by a stranger, to another request. */
  private static void send(WorkflowStub stub, int number) {
    switch (number % 4) {
      case 0 -> stub.signal(BareWorkflow.DECISION, List.of("what", number));
      case 1 -> stub.signal("aprove", "prod-1");
      case 2 -> stub.signal(BareWorkflow.DECISION, decision("prod-1", "junk-" + number));
      default -> stub.signal(BareWorkflow.DECISION, decision("prod-7", "junk-" + number));
    }
  }

  private static DecisionMessage decision(String request, String id) {
    return new DecisionMessage(request, "eve-" + id + "@example.com", null, id, null);
  }

  /** What a person sees who sends decisions by Update, until it is over: how long each took. */
  private static List<Duration> updates(WorkflowStub stub, AtomicBoolean over) {
    List<Duration> answered = new ArrayList<>();
    while (!over.get()) {
      String id = "update-" + answered.size();
      DecisionMessage wrong = new DecisionMessage("prod-7", "ana@example.com", null, id, null);
      long began = System.nanoTime();
      @Nullable Receipt receipt =
          stub.startUpdate(
                  UpdateOptions.newBuilder(Receipt.class)
                      .setUpdateName(BareWorkflow.DECISION)
                      .setUpdateId(id)
                      .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                      .build(),
                  wrong)
              .getResult();
      if (receipt == null || receipt.refused() == null) {
        throw new LoadException("the answer to a decision about another request was " + receipt);
      }
      answered.add(Duration.ofNanos(System.nanoTime() - began));
      LoadWorld.pause(BETWEEN_UPDATES);
    }
    return answered;
  }

  private static <T> FutureTask<T> begun(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static List<String> runs(LoadWorld world, String id) {
    return world
        .stubs()
        .blockingStub()
        .listWorkflowExecutions(
            ListWorkflowExecutionsRequest.newBuilder()
                .setNamespace(world.client().getOptions().getNamespace())
                .setQuery("WorkflowId = '" + id + "'")
                .build())
        .getExecutionsList()
        .stream()
        .map(run -> run.getExecution().getRunId())
        .toList();
  }

  /** Of tasks that were executed and thrown away, since too many signals came meanwhile. */
  private static String lost(LoadWorld world, String id, List<String> runs) {
    Map<String, Integer> causes = new TreeMap<>();
    for (String run : runs) {
      for (HistoryEvent event : world.client().fetchHistory(id, run).getEvents()) {
        if (event.hasWorkflowTaskFailedEventAttributes()) {
          causes.merge(
              event
                  .getWorkflowTaskFailedEventAttributes()
                  .getCause()
                  .name()
                  .replace("WORKFLOW_TASK_FAILED_CAUSE_", ""),
              1,
              Integer::sum);
        } else if (event.hasWorkflowTaskTimedOutEventAttributes()) {
          causes.merge("TIMED_OUT", 1, Integer::sum);
        }
      }
    }
    return causes.isEmpty() ? "none" : String.valueOf(causes);
  }

  /** None may be lost, and the decision counted once. */
  private static String counted(PromotionView view, int sent) {
    Integer left = view.leftOut() == null ? null : view.leftOut().get("refused");
    int refused = view.refused().size() + (left == null ? 0 : left);
    if (refused < sent || view.decisions().size() != 1) {
      throw new LoadException(
          "of "
              + sent
              + " meaningless messages "
              + refused
              + " are listed as refused, and "
              + view.decisions().size()
              + " decisions counted");
    }
    return refused + " messages are listed or counted as refused, and one decision counted";
  }
}
