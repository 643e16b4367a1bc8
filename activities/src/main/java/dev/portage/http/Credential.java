package dev.portage.http;

import java.util.Optional;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A login that signs requests, whatever the server is. It is asked at each request, so a rotated
 * secret and a renewed token apply from the next one on.
 *
 * <p>A signed request carries its credential as a tag. If the server refuses the login, {@link
 * OutboundHttp} asks once for another value and repeats the request with it.
 */
public interface Credential {

  /** Where what it is made of is kept, in the words of the platform file; shown to people. */
  String text();

  /**
   * The value of the header {@code Authorization}.
   *
   * @throws io.temporal.failure.ApplicationFailure when it can't be had: the user's when a secret
   *     is missing or refused, the platform's when whoever issues tokens doesn't answer
   */
  String authorization();

  /**
   * Another value of the header, after a server refused one: read again, or renewed.
   *
   * @param refused the value that the server refused
   * @return empty when there is no other
   * @throws io.temporal.failure.ApplicationFailure as {@link #authorization}
   */
  Optional<String> insteadOf(String refused);

  /** The text without any value that this credential has given out lately. */
  String hideIn(String text);

  /** What only its holder knows and what outlasts its tokens. */
  String lastingSecret();

  /** Reads what it is made of, and calls nobody. */
  void read();

  /**
   * What to do when a server refuses it, as a sentence; null for a stored token, which only has to
   * be replaced.
   */
  @Nullable String remedy();

  /** Signs a request. */
  default Request.Builder sign(Request.Builder request) {
    return request.header("Authorization", authorization()).tag(Credential.class, this);
  }
}
