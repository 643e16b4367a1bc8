package dev.portage.platform;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server is, however it is written: case, the port of the scheme, a dot or slash at the end
 * make no difference.
 *
 * @param host in lower case, without a dot at the end
 * @param port the scheme's where none is written
 * @param path without a slash at the end
 */
record ServerAddress(String host, int port, String path) {

  private static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Addresses that Databricks gives a workspace itself, and what in them is that workspace's alone.
   * A workspace has one of these, beside the region's and the company's own names for it.
   */
  private static final Pattern WORKSPACE =
      Pattern.compile(
          "adb-(?:dp-)?(\\d+)\\.\\d+\\.(?:azuredatabricks\\.net|databricks\\.azure\\.(?:us|cn))"
              + "|(\\d+)\\.\\d+\\.gcp\\.databricks\\.com"
              + "|(dbc-[0-9a-f]+-[0-9a-f]+)\\.cloud\\.databricks\\.com");

  /** The address that a file or a variable says. */
  static ServerAddress of(URI written) {
    String scheme = Objects.requireNonNullElse(written.getScheme(), "").toLowerCase(Locale.ROOT);
    String host = Objects.requireNonNullElse(written.getHost(), "").toLowerCase(Locale.ROOT);
    String named = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int port = written.getPort() >= 0 ? written.getPort() : scheme.equals("https") ? HTTPS : HTTP;
    boolean own = named.equals("localhost") || named.equals("[::1]");
    return new ServerAddress(
        own ? LOOPBACK : named,
        port,
        Objects.requireNonNullElse(written.getPath(), "").replaceAll("/+$", ""));
  }

  /**
   * Whether it and another are surely two workspaces. Two addresses may be one workspace's, of
   * which only the workspace itself knows: a region's or a company's own name leads to it, too.
   */
  boolean isSurelyAnotherThan(ServerAddress other) {
    Optional<String> one = workspace();
    Optional<String> two = other.workspace();
    return one.isPresent() && two.isPresent() && !one.equals(two);
  }

  private Optional<String> workspace() {
    Matcher matcher = WORKSPACE.matcher(host);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String id = matcher.group(group);
      if (id != null) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }
}
