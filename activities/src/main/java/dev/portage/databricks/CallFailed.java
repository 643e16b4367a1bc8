package dev.portage.databricks;

import dev.portage.http.HttpAnswer;
import java.io.IOException;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A failed call on its way through the SDK. It bypasses the SDK's own error mapping, which drops
 * {@code Retry-After} and guesses when a response is not JSON.
 */
final class CallFailed extends RuntimeException {
  private final transient Request request;
  private final transient @Nullable HttpAnswer answer;
  private final IOException silence;

  private CallFailed(Request request, @Nullable HttpAnswer answer, IOException silence) {
    super(request.method() + " " + request.url().encodedPath(), silence);
    this.request = request;
    this.answer = answer;
    this.silence = silence;
  }

  /** The server answered with something other than success. */
  static CallFailed answered(Request request, HttpAnswer answer) {
    return new CallFailed(request, answer, new IOException("status " + answer.status()));
  }

  /** No answer came. Whether the call had an effect is not known. */
  static CallFailed silent(Request request, IOException silence) {
    return new CallFailed(request, null, silence);
  }

  /** The call; its header holds the login, so it goes into no message. */
  Request request() {
    return request;
  }

  /** What the server answered, null when it did not. */
  @Nullable HttpAnswer answer() {
    return answer;
  }

  /** Why there was no answer; only the status when there was one. */
  IOException silence() {
    return silence;
  }
}
