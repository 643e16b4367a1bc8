package dev.portage.load;

import dev.portage.approval.DecisionMessage;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Thousands of meaningless signals to one promotion, then the right decision. */
final class Junk implements Scenario {
  private static final int AT_ONCE = 16;

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
    WorkflowStub stub = world.client().newUntypedWorkflowStub(one.ids().getFirst());
    Meter.Reading before = world.meter().read();
    long began = System.nanoTime();
    List<Integer> junk =
        Together.each(
            IntStream.range(0, count(size)).boxed().toList(),
            AT_ONCE,
            number -> {
              send(stub, number);
              return number;
            });
    double sending = (System.nanoTime() - began) / 1e9;
    world.say("junk: " + junk.size() + " sent; the right decision");
    Instant decided = one.decideBySignal().getFirst();
    one.awaitReleased(TIMEOUT);
    Map<Part, Used> used = Meter.between(before, world.meter().read());
    History last = one.histories().getFirst();
    Instant ended = last.ended();
    return outcome(size)
        .figure(Figure.of("until all were sent", Spread.seconds(sending)))
        .figure(
            Figure.of(
                "from the right decision to the end",
                ended == null
                    ? "not ended"
                    : Spread.seconds(Duration.between(decided, ended).toNanos() / 1e9)))
        .figure(Figure.of("events of its last history", String.valueOf(last.events())))
        .used(used)
        .exact(Counted.now(world).released(one))
        .done(world.warnings());
  }

  /** One of the kinds that really come: unreadable, misspelt, by a stranger, to another request. */
  private static void send(WorkflowStub stub, int number) {
    switch (number % 4) {
      case 0 -> stub.signal(BareWorkflow.DECISION, List.of("what", number));
      case 1 -> stub.signal("aprove", "prod-1");
      case 2 -> stub.signal(BareWorkflow.DECISION, decision("prod-1", number));
      default -> stub.signal(BareWorkflow.DECISION, decision("prod-7", number));
    }
  }

  private static DecisionMessage decision(String request, int number) {
    return new DecisionMessage(
        request, "eve" + number + "@example.com", null, "junk-" + number, null);
  }
}
