package dev.portage.live;

import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which versions stay on an endpoint at 0 % during a cutover, and after it. Pure.
 *
 * @param found what was served before
 * @param keep how many old versions stay
 * @param model full name of the registered model that is served: what somebody serves of another
 *     one without traffic, by its own address, is no old version, and stays
 */
record StayingVersions(EndpointConfig found, int keep, String model) {

  /**
   * The new version at 0 %, beside the versions that get traffic and those that are kept, which
   * remain the way back if the new version is taken back. If the new version is on the endpoint
   * already, its settings are replaced by the new ones.
   */
  EndpointConfig beside(Served added) {
    List<String> kept =
        kept(
            found.served().stream()
                .filter(one -> one.percent() == 0 && !one.name().equals(added.name()))
                .sorted(Comparator.comparingLong(StayingVersions::number).reversed())
                .toList());
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
        kept(
            made.served().stream()
                .filter(one -> !one.name().equals(added))
                .sorted(
                    Comparator.comparingInt((Served one) -> before(one.name()))
                        .thenComparingLong(StayingVersions::number)
                        .reversed())
                .toList());
    return made.keeping(kept);
  }

  /** Of these the first that are old versions, and all that are none. */
  private List<String> kept(List<Served> inOrder) {
    return Stream.concat(
            inOrder.stream().filter(this::isOld).limit(keep),
            inOrder.stream().filter(one -> !isOld(one)))
        .map(Served::name)
        .toList();
  }

  /** One of this model, wherever it was registered, or one that had its traffic. */
  private boolean isOld(Served one) {
    return before(one.name()) > 0 || last(one.model()).equalsIgnoreCase(last(model));
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
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
