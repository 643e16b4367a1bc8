package dev.portage.store.signed;

import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.SignedErrors;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Function;
import okhttp3.Request;

/**
 * Calls to signed URLs. A refused grant is renewed, a few times. The workspace's own login never
 * goes there.
 */
public final class SignedCalls {
  public static final ArtifactSink.Body NOTHING = ArtifactSink.Body.of(new byte[0]);

  private final OutboundHttp http;
  private final ByteStreams streams;
  private final Grants grants;

  /** Calls with these grants. */
  public SignedCalls(MlflowServer server, Grants grants) {
    this.http = server.http();
    this.streams = ByteStreams.signed(server.http());
    this.grants = grants;
  }

  /** The grants that they are made with. */
  public Grants grants() {
    return grants;
  }

  /**
   * Sends a body.
   *
   * @param key of the grant
   * @param request made from the grant, without the body
   * @param size of the body in bytes
   * @return the answer, good or bad, for the caller to look at
   * @throws ApplicationFailure when there is no answer, or the grant is refused
   */
  public HttpAnswer send(
      Attempt attempt,
      String key,
      String method,
      Function<Grant, Request.Builder> request,
      long size,
      ArtifactSink.Body body) {
    Grant grant = grants.of(key);
    return granted(
        attempt, key, grant, streams.send(attempt, request.apply(grant), method, size, body));
  }

  /**
   * Makes a short request.
   *
   * @param key of the grant
   * @param request made from the grant
   * @return the answer, good or bad, for the caller to look at
   * @throws ApplicationFailure when there is no answer, or the grant is refused
   */
  public HttpAnswer ask(Attempt attempt, String key, Function<Grant, Request.Builder> request) {
    Grant grant = grants.of(key);
    return granted(
        attempt, key, grant, http.ask(attempt, SignedErrors.TABLE, request.apply(grant).build()));
  }

  private HttpAnswer granted(Attempt attempt, String key, Grant grant, HttpAnswer answer) {
    if (SignedErrors.isOfGrant(answer)) {
      grants.refused(key, grant);
      throw SignedErrors.failure(attempt, answer);
    }
    return answer;
  }

  /** As {@link #send}, and fails unless the answer is good. */
  public HttpAnswer sendGood(
      Attempt attempt,
      String key,
      String method,
      Function<Grant, Request.Builder> request,
      long size,
      ArtifactSink.Body body) {
    HttpAnswer answer = send(attempt, key, method, request, size, body);
    if (!answer.isSuccess()) {
      throw SignedErrors.failure(attempt, answer);
    }
    return answer;
  }
}
