package dev.portage.http;

import dev.portage.text.SecretShapes;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Removes anything that grants access from texts that people and logs will see. */
public final class Redaction {
  private static final int LIMIT = 2000;

  /** The query of any address: signed addresses carry their grant there. */
  private static final Pattern QUERY = Pattern.compile("(https?://[^\\s?\"'<>]+)\\?[^\\s\"'<>]*");

  private static final Pattern LOGIN_IN_ADDRESS = Pattern.compile("(https?://)[^\\s/@\"']+@");

  private static final Pattern LOGIN = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{6,}");

  private static final Pattern FIELD =
      Pattern.compile(
          "(?i)(sig|x-amz-signature|x-amz-credential|x-amz-security-token|access_token"
              + "|client_secret|password)=[^\\s&\"']+");

  private Redaction() {}

  /** The address without login and query. */
  public static String address(HttpUrl url) {
    return url.newBuilder().username("").password("").query(null).fragment(null).toString();
  }

  /** The text without anything that looks like a credential, cut at 2,000 characters. */
  public static String text(String text) {
    String clean = QUERY.matcher(text).replaceAll("$1?…");
    clean = LOGIN_IN_ADDRESS.matcher(clean).replaceAll("$1");
    clean = LOGIN.matcher(clean).replaceAll("$1 …");
    clean = FIELD.matcher(clean).replaceAll("…");
    clean = SecretShapes.without(clean);
    return clean.length() <= LIMIT ? clean : clean.substring(0, LIMIT) + "…";
  }

  /** The text without anything that looks like a credential, and without the request's own. */
  public static String text(String text, Request request) {
    String without = text;
    for (String header : new String[] {"Authorization", "Proxy-Authorization"}) {
      String value = request.header(header);
      if (value != null) {
        without = GivenOut.hide(value, without);
      }
    }
    Credential credential = request.tag(Credential.class);
    if (credential != null) {
      // The request may have been repeated with another value.
      without = credential.hideIn(without);
    }
    return text(without);
  }
}
