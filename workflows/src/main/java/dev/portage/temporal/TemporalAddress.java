package dev.portage.temporal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code HOST:PORT} of a Temporal server. */
final class TemporalAddress {

  /** gRPC's own way to say that a name is one of DNS is let through. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?:dns:///)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\]):(\\d{1,5})");

  private static final int LAST_PORT = 65_535;

  private TemporalAddress() {}

  /**
   * The address, which must be one.
   *
   * @param where the setting that contains it
   * @throws WrongSettingsException which does not repeat it, since people put logins into addresses
   */
  static String checked(String address, String where) {
    String stripped = address.strip();
    Matcher form = FORM.matcher(stripped);
    if (!form.matches()) {
      throw wrong(where, reason(stripped));
    }
    int port = Integer.parseInt(String.valueOf(form.group(1)));
    if (port < 1 || port > LAST_PORT) {
      throw wrong(where, "the port is " + port + ", but ports range from 1 to " + LAST_PORT);
    }
    return stripped;
  }

  private static String reason(String address) {
    if (address.contains("@")) {
      return "it contains a login; put keys into TEMPORAL_API_KEY";
    }
    if (address.contains("://")) {
      return "it is a URL";
    }
    int colon = address.lastIndexOf(':');
    return colon < 0 || address.endsWith("]") ? "it has no port" : "it is not HOST:PORT";
  }

  private static WrongSettingsException wrong(String where, String reason) {
    return new WrongSettingsException(
        where
            + " is not a valid Temporal address: "
            + reason
            + "; use HOST:PORT, such as 127.0.0.1:7233");
  }
}
