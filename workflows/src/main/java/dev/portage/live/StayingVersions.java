package dev.portage.live;

import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import java.util.Comparator;
import java.util.List;

/**
 * Which versions stay on an endpoint at 0 % during a cutover, and after it. Pure.
 *
 * @param found what was served before
 * @param keep how many old versions stay
 */
record StayingVersions(EndpointConfig found, int keep) {

  /**
   * The new version at 0 %, beside the versions that get traffic and those that are kept, which
   * remain the way back if the new version is taken back. If the new version is on the endpoint
   * already, its settings are replaced by the new ones.
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
   * What stays once the new version has all the traffic: of the others as many as are kept, first
   * those that had traffic. After a terminated promotion more than one may have had some.
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

  /** The share of the traffic, in percent, that a version had before. */
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
