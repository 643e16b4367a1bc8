package dev.portage.http;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this process reaches the network.
 *
 * @param proxies which hosts are reached through which proxy
 * @param caFile PEM file with certificate authorities to trust in addition to the JDK's own, null
 *     for none
 */
public record NetworkSettings(Proxies proxies, @Nullable Path caFile) {

  /** No proxy, no further authority. */
  public static NetworkSettings direct() {
    return new NetworkSettings(Proxies.none(), null);
  }

  /**
   * Proxies as the environment names them.
   *
   * @param environment as {@link System#getenv()}
   * @throws IllegalArgumentException when a proxy variable is not an address; names the variable,
   *     never its value, which may hold a password
   */
  public static NetworkSettings of(Map<String, String> environment, @Nullable Path caFile) {
    return new NetworkSettings(Proxies.of(environment), caFile);
  }
}
