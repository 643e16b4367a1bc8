package dev.portage.checkout;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a repository, parsed as git does it.
 *
 * @param scheme in lower case; {@code ssh} also for {@code host:path}
 * @param user who logs in, "" if there is none; a password is dropped
 * @param host in lower case, an IPv6 address in brackets
 * @param port -1 if there is none
 * @param path from its first {@code /}, fit for a URL, without a slash, a query or a fragment at
 *     its end
 * @see <a href="https://git-scm.com/docs/git-clone#_git_urls">Git URLs</a>
 */
record GitAddress(String scheme, String user, String host, int port, String path) {

  private static final Pattern URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*).*", Pattern.DOTALL);

  /** Up to the last @: a password may hold one. */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:(?<user>[^:]*)(?::.*)?@)?(?<host>\\[[0-9A-Fa-f:.%]+\\]|[\\w.-]+)"
              + "(?::(?<port>\\d{0,5}))?");

  /** {@code user@host:path}; a drive's letter is no host. */
  private static final Pattern SCP =
      Pattern.compile(
          "(?:(?<user>[^@/:\\\\]+)@)?"
              + "(?:(?<host>\\[[0-9A-Fa-f:.%]+\\]|[\\w.-]{2,})|\\[(?<inner>[\\w.-]+):(?<port>\\d{1,5})\\])"
              + ":(?!//)(?<path>[^\\\\]+)");

  /** Takes one apart; empty for a path of this machine, and for what is no address. */
  static Optional<GitAddress> of(String address) {
    if (address.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    Matcher url = URL.matcher(address);
    if (url.matches()) {
      Matcher authority = AUTHORITY.matcher(String.valueOf(url.group(2)));
      if (!authority.matches()) {
        return Optional.empty();
      }
      String scheme = String.valueOf(url.group(1)).toLowerCase(Locale.ROOT);
      String port = authority.group("port");
      return some(
          scheme.matches("git\\+ssh|ssh\\+git") ? "ssh" : scheme,
          authority.group("user"),
          String.valueOf(authority.group("host")),
          port,
          String.valueOf(url.group(3)));
    }
    Matcher scp = SCP.matcher(address);
    if (!scp.matches()) {
      return Optional.empty();
    }
    String host = scp.group("host") == null ? scp.group("inner") : scp.group("host");
    return some(
        "ssh",
        scp.group("user"),
        String.valueOf(host),
        scp.group("port"),
        String.valueOf(scp.group("path")));
  }

  private static Optional<GitAddress> some(
      String scheme, @Nullable String user, String host, @Nullable String port, String path) {
    int number = port == null || port.isEmpty() ? -1 : Integer.parseInt(port);
    if (number == 0 || number > 65_535) {
      return Optional.empty();
    }
    String lower = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    return Optional.of(new GitAddress(scheme, user == null ? "" : user, lower, number, path(path)));
  }

  /** A path as a URL has it: what is not allowed there is written by its bytes. */
  static String path(String path) {
    StringBuilder fit = new StringBuilder(path.startsWith("/") || path.isEmpty() ? "" : "/");
    for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xff);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "/-._~%!$&'()*+,;=:@".indexOf(c) >= 0;
      fit.append(allowed ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    int end = fit.length();
    while (end > 1 && fit.charAt(end - 1) == '/') {
      end--;
    }
    return fit.substring(0, end);
  }
}
