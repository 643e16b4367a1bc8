package dev.portage.live;

import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import java.util.Comparator;
import java.util.List;

/**
 * Which versions stay on an endpoint without traffic while a new one comes, and after that. Pure.
 *
 * @param found what was served before
 * @param keep how many old versions stay
 */
record StayingVersions(EndpointConfig found, int keep) {

  /**
   * The new version beside what gets traffic, and what is kept: if it goes back, the way back of
   * the one before it is still there. If it is there already, it is served as it now is to be.
   */
  EndpointConfig beside(Served added) {
    List<String> kept =
        found.served().stream()
            .filter(one -> one.percent() == 0 && !one.name().equals(added.name()))
            .sorted(Comparator.comparingLong(StayingVersions::number).reversed())
            .limit(keep)
            .map(Served::name)
            .toList();
    return found.keeping(kept).without(added.name()).giving(added, 0);
  }

  /**
   * What is left once a version has all the traffic: of the others only so many, first those that
   * had traffic. More than one may have had it, as after a promotion that was terminated.
   *
   * @param made what is served, all traffic with the new version
   * @param added its name
   */
  EndpointConfig atTheEnd(EndpointConfig made, String added) {
    List<String> kept =
        made.served().stream()
            .filter(one -> !one.name().equals(added))
            .sorted(
                Comparator.comparingInt((Served one) -> before(one.name()))
                    .thenComparingLong(StayingVersions::number)
                    .reversed())
            .limit(keep)
            .map(Served::name)
            .toList();
    return made.keeping(kept);
  }

  /** Its share of the traffic before. */
  private int before(String name) {
    return found.named(name).map(Served::percent).orElse(0);
  }

  private static long number(Served one) {
    try {
      return Long.parseLong(one.version());
    } catch (NumberFormatException named) {
      return 0;
    }
  }
}
