package dev.portage.store.signed;

import dev.portage.failure.FailureKind;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A URL that a server signed, with its headers. Anyone who knows it can do what it grants, so it
 * appears in no message, log or heartbeat.
 *
 * @param type in whose way it is used, as the server names it; empty where it does not
 * @param address the signed address
 * @param headers by name
 * @param usedFor how long it is used, counted from its request
 */
public record Grant(String type, String address, Map<String, String> headers, Duration usedFor) {
  /** If a URL doesn't say when it expires. Well below the 300 s of MLflow's servers. */
  private static final Duration UNTOLD = Duration.ofMinutes(2);

  private static final Duration LONGEST = Duration.ofMinutes(30);

  /** The HTTP client itself sets the headers that frame a message. */
  private static final Set<String> FRAMING =
      Set.of("host", "connection", "content-length", "transfer-encoding", "range", "expect");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

  public Grant {
    headers = Map.copyOf(headers);
  }

  /**
   * What a server gave out.
   *
   * @param tried what was tried, for messages
   * @throws ApplicationFailure when it is no address that can be used
   */
  public static Grant of(
      MlflowServer server,
      String tried,
      String type,
      String address,
      Map<String, String> headers,
      Instant now) {
    return of(server, tried, type, address, headers, now, null);
  }

  /**
   * As above.
   *
   * @param until its expiry if the URL doesn't say, null if unknown
   */
  public static Grant of(
      MlflowServer server,
      String tried,
      String type,
      String address,
      Map<String, String> headers,
      Instant now,
      @Nullable Instant until) {
    HttpUrl url = HttpUrl.parse(address);
    if (url == null || !url.username().isEmpty() || !url.password().isEmpty()) {
      throw refused(server, tried, "an invalid signed URL");
    }
    if (server.base().isHttps() && !url.isHttps()) {
      throw refused(server, tried, "a signed URL without TLS");
    }
    Map<String, String> kept = new LinkedHashMap<>();
    headers.forEach((name, value) -> {
      if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
        throw refused(server, tried, "a signed URL with a header that can't be sent");
      }
      if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
        kept.put(name, value);
      }
    });
    Instant stated = SignedUntil.of(url);
    return new Grant(type, address, kept, usedFor(stated == null ? until : stated, now));
  }

  private static Duration usedFor(@Nullable Instant end, Instant now) {
    if (end == null || !end.isAfter(now)) {
      return UNTOLD; // Its clock is not ours.
    }
    Duration half = Duration.between(now, end).dividedBy(2);
    return half.compareTo(LONGEST) > 0 ? LONGEST : half;
  }

  private static ApplicationFailure refused(MlflowServer server, String tried, String what) {
    return server.failure(FailureKind.PLATFORM, tried, what, "Portage retries.");
  }

  /** Its address. */
  public HttpUrl url() {
    return HttpUrl.get(address);
  }

  /** A request to it, with its headers and nobody's login. */
  public Request.Builder request() {
    return request(url(), _ -> true);
  }

  /**
   * A request to an address that was made from it.
   *
   * @param fitting which of its headers to keep, by lower-case name
   */
  public Request.Builder request(HttpUrl url, Predicate<String> fitting) {
    Request.Builder request = new Request.Builder().url(url).header("User-Agent", "portage");
    headers.forEach((name, value) -> {
      if (fitting.test(name.toLowerCase(Locale.ROOT))) {
        request.header(name, value);
      }
    });
    return request;
  }

  @Override
  public String toString() {
    return "Grant[" + type + "]";
  }
}
