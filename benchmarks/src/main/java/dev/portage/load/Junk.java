package dev.portage.load;

import dev.portage.approval.DecisionMessage;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Thousands of signals that mean nothing to one promotion, and then the right decision. */
final class Junk implements Scenario {
  private static final int AT_ONCE = 16;

  private @Nullable Begun begun;

  @Override
  public String name() {
    return "junk";
  }

  @Override
  public String title(Size size) {
    return count(size) + " signals that count for nothing to one promotion, then an approval";
  }

  private static int count(Size size) {
    return size.of(100, 2_000, 20_000);
  }

  /** In such a storm decisions are gathered for minutes, in which nothing else happens. */
  @Override
  public void begin(LoadWorld world, Size size) throws IOException {
    Promotions one = Promotions.ofModels(world, "junk", 1, null);
    one.startAndAwait(PATIENCE);
    WorkflowStub stub = world.client().newUntypedWorkflowStub(one.ids().getFirst());
    world.say("junk: sending " + count(size));
    Meter.Reading before = world.meter().read();
    long began = System.nanoTime();
    List<Integer> sent =
        Together.each(
            IntStream.range(0, count(size)).boxed().toList(),
            AT_ONCE,
            number -> {
              send(stub, number);
              return number;
            });
    double seconds = (System.nanoTime() - began) / 1e9;
    world.say("junk: " + sent.size() + " sent; the right decision");
    List<Instant> decided = one.decideBySignal();
    // Until the workers have read all of them, so that others are not measured beside that.
    LoadWorld.pause(Duration.ofSeconds(size.of(1, 5, 20)));
    begun =
        new Begun(one, seconds, decided.getFirst(), Meter.between(before, world.meter().read()));
  }

  /**
   * A storm that was sent.
   *
   * @param promotion to which
   * @param seconds how long that took
   * @param decided when the right decision was sent after it
   * @param used processor time and memory until then
   */
  private record Begun(
      Promotions promotion, double seconds, Instant decided, Map<Part, Used> used) {}

  @Override
  public Outcome run(LoadWorld world, Size size, Bare bare) throws IOException {
    Begun storm = Objects.requireNonNull(begun, "begin comes first");
    Promotions one = storm.promotion();
    one.awaitReleased(PATIENCE);
    History history = one.histories().getFirst();
    Instant ended = history.ended();
    return outcome(size)
        .figure(Figure.of("until all were sent", Spread.seconds(storm.seconds())))
        .figure(
            Figure.of(
                "from the right decision to the end, others measured meanwhile",
                ended == null
                    ? "not ended"
                    : Spread.seconds(Duration.between(storm.decided(), ended).toNanos() / 1e9)))
        .figure(Figure.of("events of its last history", String.valueOf(history.events())))
        .used(storm.used())
        .exact(Counted.now(world).released(one))
        .done(world.complaints());
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
