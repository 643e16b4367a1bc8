package dev.portage.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * Proxies from the usual environment variables: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code
 * ALL_PROXY} and {@code NO_PROXY}, in lower case too. {@code NO_PROXY} lists hosts, domains with or
 * without a leading dot (each includes its subdomains), {@code host:port}, or {@code *}. Loopback
 * is never reached through a proxy.
 */
public final class Proxies extends ProxySelector {
  private final @Nullable URI forHttps;
  private final @Nullable URI forHttp;
  private final List<String> direct;

  private Proxies(@Nullable URI forHttps, @Nullable URI forHttp, List<String> direct) {
    this.forHttps = forHttps;
    this.forHttp = forHttp;
    this.direct = direct;
  }

  /** Everything is reached directly. */
  public static Proxies none() {
    return new Proxies(null, null, List.of());
  }

  /**
   * Reads the variables.
   *
   * @throws IllegalArgumentException naming the variable that is no address
   */
  public static Proxies of(Map<String, String> environment) {
    String noProxy = variable(environment, "NO_PROXY");
    List<String> direct =
        noProxy == null
            ? List.of()
            : Arrays.stream(noProxy.split(","))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
    return new Proxies(
        address(environment, "HTTPS_PROXY"), address(environment, "HTTP_PROXY"), direct);
  }

  /** Answers a proxy that requires a login with the one in its variable. */
  Authenticator authenticator() {
    return (route, response) -> {
      if (response.request().header("Proxy-Authorization") != null) {
        return null; // The login was refused; another try would loop forever.
      }
      URI proxy = proxyFor(response.request().url().uri());
      String login = proxy == null ? null : proxy.getRawUserInfo();
      if (login == null) {
        return null;
      }
      int colon = login.indexOf(':');
      String user = colon < 0 ? login : login.substring(0, colon);
      String password = colon < 0 ? "" : login.substring(colon + 1);
      return response
          .request()
          .newBuilder()
          .header("Proxy-Authorization", Credentials.basic(decoded(user), decoded(password)))
          .build();
    };
  }

  @Override
  public List<Proxy> select(URI uri) {
    URI proxy = proxyFor(uri);
    String host = proxy == null ? null : proxy.getHost();
    return proxy == null || host == null
        ? List.of(Proxy.NO_PROXY)
        : List.of(
            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port(proxy))));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException problem) {
    // The failed call itself reports it.
  }

  private @Nullable URI proxyFor(URI uri) {
    String host = uri.getHost();
    if (host == null || isDirect(host.toLowerCase(Locale.ROOT), uri.getPort())) {
      return null;
    }
    // For a CONNECT, the selector gets the address behind the proxy.
    return "http".equalsIgnoreCase(uri.getScheme()) ? forHttp : forHttps;
  }

  private boolean isDirect(String host, int port) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    if (bare.equals("localhost")
        || bare.endsWith(".localhost")
        || bare.startsWith("127.")
        || bare.equals("::1")) {
      return true;
    }
    for (String entry : direct) {
      String name = entry;
      int colon = entry.lastIndexOf(':');
      if (colon > 0 && entry.indexOf(':') == colon) {
        if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
          continue;
        }
        name = entry.substring(0, colon);
      }
      name = name.startsWith("*.") ? name.substring(2) : name;
      name = name.startsWith(".") ? name.substring(1) : name;
      if (name.equals("*") || bare.equals(name) || bare.endsWith("." + name)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable URI address(Map<String, String> environment, String name) {
    String value = variable(environment, name);
    String used = name;
    if (value == null) {
      used = "ALL_PROXY";
      value = variable(environment, used);
    }
    if (value == null) {
      return null;
    }
    URI address;
    try {
      address = URI.create(value.contains("://") ? value : "http://" + value);
    } catch (IllegalArgumentException e) {
      throw unusable(used);
    }
    if (address.getHost() == null || !"http".equalsIgnoreCase(address.getScheme())) {
      throw unusable(used);
    }
    return address;
  }

  private static IllegalArgumentException unusable(String variable) {
    // Without its value and without a cause: it may hold a password.
    return new IllegalArgumentException(
        "environment variable "
            + variable
            + " is no proxy address; allowed: http://[user:password@]host[:port]");
  }

  private static @Nullable String variable(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      value = environment.get(name.toLowerCase(Locale.ROOT));
    }
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static int port(URI proxy) {
    return proxy.getPort() > 0 ? proxy.getPort() : 80;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
