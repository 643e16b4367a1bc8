package dev.portage.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long activities of one type waited for a worker, and how long they ran.
 *
 * @param type its type
 * @param waited from being scheduled to being started
 * @param ran from there to its end
 * @param retried how many took more than one attempt; their wait holds the attempts before
 */
record Waited(String type, Spread waited, Spread ran, int retried) {

  /** Of all activities, kind by kind, those that waited longest first. */
  static List<Waited> of(List<History.Ran> activities) {
    Map<String, List<History.Ran>> kinds = new TreeMap<>();
    activities.forEach(ran -> kinds.computeIfAbsent(ran.type(), _ -> new ArrayList<>()).add(ran));
    return kinds.entrySet().stream()
        .map(kind -> of(kind.getKey(), kind.getValue()))
        .sorted(Comparator.comparingDouble((Waited each) -> each.waited().p99()).reversed())
        .toList();
  }

  /** Of all of them together, under a name. */
  static Waited of(String name, List<History.Ran> all) {
    List<Duration> waits = new ArrayList<>();
    List<Duration> runs = new ArrayList<>();
    int retried = 0;
    for (History.Ran ran : all) {
      waits.add(Duration.between(ran.scheduled(), ran.started()));
      @Nullable Instant ended = ran.ended();
      if (ended != null) {
        runs.add(Duration.between(ran.started(), ended));
      }
      retried += ran.attempts() > 1 ? 1 : 0;
    }
    return new Waited(name, Spread.of(waits), Spread.of(runs), retried);
  }
}
