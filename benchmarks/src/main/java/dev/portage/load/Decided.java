package dev.portage.load;

import dev.portage.activity.LongQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The result of many simultaneous decisions.
 *
 * @param toNextStep from sending the decision to the next step's begin
 * @param toEnd from sending the decision to the end
 * @param waits what each kind of activity waited and ran since then
 * @param together the same of all short ones
 * @param used CPU time and memory meanwhile
 * @param seconds from the first decision to the last end
 * @param histories what it was read from
 */
record Decided(
    Spread toNextStep,
    Spread toEnd,
    List<Waited> waits,
    Waited together,
    Map<Part, Used> used,
    double seconds,
    List<History> histories) {

  /** Decides about all of a crowd that waits, and measures until the last has ended. */
  static Decided atOnce(Crowd crowd, Duration timeout) {
    Meter.Reading before = crowd.world().meter().read();
    List<Instant> sent = crowd.decide();
    crowd.awaitReleased(timeout);
    Meter.Reading after = crowd.world().meter().read();
    return of(crowd.histories(), sent, Meter.between(before, after));
  }

  /** What the histories show. */
  static Decided of(List<History> histories, List<Instant> sent, Map<Part, Used> used) {
    List<Duration> toNext = new ArrayList<>();
    List<Duration> toEnd = new ArrayList<>();
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
    for (int i = 0; i < sent.size(); i++) {
      Instant from = sent.get(i);
      History history = histories.get(i);
      history.nextStep().ifPresent(next -> toNext.add(Duration.between(from, next)));
      Instant ended = history.ended();
      if (ended != null) {
        toEnd.add(Duration.between(from, ended));
        last = ended.isAfter(last) ? ended : last;
      }
      first = from.isBefore(first) ? from : first;
    }
    List<History.Ran> after =
        histories.stream().flatMap(history -> history.after().stream()).toList();
    return new Decided(
        Spread.of(toNext),
        Spread.of(toEnd),
        Waited.of(after),
        Waited.of("short ones", after.stream().filter(Decided::isShort).toList()),
        used,
        last.isAfter(first) ? Duration.between(first, last).toNanos() / 1e9 : 0,
        histories);
  }

  /** Copies wait for each other, on queues of their own. */
  private static boolean isShort(History.Ran ran) {
    return Stream.of(LongQueue.values()).noneMatch(queue -> ran.queue().endsWith(queue.of("")));
  }

  /** Processor time of a part for each of them, in seconds. */
  double each(Part part) {
    Used of = used.get(part);
    return of == null || histories.isEmpty() ? 0 : of.seconds() / histories.size();
  }
}
