package dev.portage.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;

/**
 * The HTTP client of the whole process, with its connections, proxies and certificates; created
 * once. It never retries (only Temporal does), but for a refused login that its {@link Credential}
 * could renew, and follows no redirect, so no login reaches a host it was not meant for.
 */
public final class OutboundHttp implements AutoCloseable {
  /** The longest that one REST call may take, from connecting to the last byte. */
  public static final Duration REST_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Servers close idle connections (gunicorn after 2 s, uvicorn and so MLflow 3 after 5 s). A call
   * on a connection that was just closed fails, and nothing here retries: so idle connections are
   * dropped sooner.
   */
  static final Duration IDLE = Duration.ofMillis(1500);

  /** As many as a copy uses at once, at its source and at its target. */
  private static final int IDLE_AT_MOST = 128;

  /** Far more than any REST answer; a server that sends without end is cut off here. */
  private static final long ANSWER_BYTES = 32L * 1024 * 1024;

  private final OkHttpClient rest;
  private final OkHttpClient streams;
  private final StreamLimits limits;

  private OutboundHttp(OkHttpClient rest, OkHttpClient streams, StreamLimits limits) {
    this.rest = rest;
    this.streams = streams;
    this.limits = limits;
  }

  /**
   * Opens it.
   *
   * @throws IllegalArgumentException when the file of certificate authorities cannot be used
   */
  public static OutboundHttp open(NetworkSettings settings) {
    return open(settings, StreamLimits.STANDARD);
  }

  /**
   * As {@link #open(NetworkSettings)}, with other limits of streams.
   *
   * @param limits how long a stream of bytes may keep one waiting
   */
  public static OutboundHttp open(NetworkSettings settings, StreamLimits limits) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(REST_TIMEOUT)
            .writeTimeout(REST_TIMEOUT)
            .callTimeout(REST_TIMEOUT)
            .socketFactory(new WideSockets())
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .addInterceptor(LoginRenewal::proceed)
            .addNetworkInterceptor(OutboundHttp::withoutInvitationToRepeat)
            .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
            .connectionPool(
                new ConnectionPool(IDLE_AT_MOST, IDLE.toMillis(), TimeUnit.MILLISECONDS))
            .proxySelector(settings.proxies())
            .proxyAuthenticator(settings.proxies().authenticator());
    if (settings.caFile() != null) {
      Trust.addTo(builder, settings.caFile());
    }
    OkHttpClient rest = builder.build();
    // The same pool and dispatcher; only the timeouts differ.
    OkHttpClient streams =
        rest.newBuilder()
            .callTimeout(Duration.ZERO)
            .readTimeout(limits.silence())
            .writeTimeout(limits.silence())
            .addInterceptor(OutboundHttp::withItsFirstByte)
            .eventListenerFactory(call -> new HandshakeWatch(call, limits.silence()))
            .build();
    return new OutboundHttp(rest, streams, limits);
  }

  /**
   * How long the first byte of one call may take; a tag of its request.
   *
   * @param longest the time
   */
  public record FirstByte(Duration longest) {}

  private static Response withItsFirstByte(Interceptor.Chain chain) throws IOException {
    FirstByte first = chain.request().tag(FirstByte.class);
    return first == null
        ? chain.proceed(chain.request())
        : chain
            .withReadTimeout(Math.toIntExact(first.longest().toMillis()), TimeUnit.MILLISECONDS)
            .proceed(chain.request());
  }

  /**
   * OkHttp itself repeats a request that got a 503 with {@code Retry-After: 0}, even if it isn't
   * idempotent. To us, a wait of zero is the same as no header.
   */
  private static Response withoutInvitationToRepeat(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    String retryAfter = response.header("Retry-After");
    return response.code() == 503 && retryAfter != null && retryAfter.strip().matches("0+")
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  /** The client for REST calls: 20 seconds each. */
  public OkHttpClient rest() {
    return rest;
  }

  /** The client for long bodies: ended by silence, not by length. See {@link StreamLimits}. */
  public OkHttpClient streams() {
    return streams;
  }

  /**
   * Makes one REST call and reads its answer whole. An answer that is no success is returned too.
   *
   * @throws io.temporal.failure.ApplicationFailure when there was no answer
   */
  public HttpAnswer ask(Attempt attempt, ErrorTable errors, Request request) {
    return ask(rest, attempt, errors, request);
  }

  /** How long a stream of bytes may keep one waiting. */
  public StreamLimits limits() {
    return limits;
  }

  /**
   * As {@link #ask(Attempt, ErrorTable, Request)}, for a request with a long body, or one that the
   * server works on for minutes before it answers.
   */
  public HttpAnswer send(Attempt attempt, ErrorTable errors, Request request) {
    return ask(
        streams,
        attempt,
        errors,
        request.tag(FirstByte.class) != null
            ? request
            : request
                .newBuilder()
                .tag(FirstByte.class, new FirstByte(limits.longestSilence()))
                .build());
  }

  /**
   * As {@link #ask(Attempt, ErrorTable, Request)}, for a caller that can ask for less.
   *
   * @return empty when the answer is too long to be read into memory
   */
  public Optional<HttpAnswer> askForLittle(Attempt attempt, ErrorTable errors, Request request) {
    try (Response response = rest.newCall(request).execute()) {
      return Optional.of(answerOf(response));
    } catch (AnswerTooLong e) {
      return Optional.empty();
    } catch (IOException e) {
      throw errors.unreachable(attempt, request, e);
    }
  }

  private static HttpAnswer ask(
      OkHttpClient client, Attempt attempt, ErrorTable errors, Request request) {
    try (Response response = client.newCall(request).execute()) {
      return answerOf(response);
    } catch (IOException e) {
      throw errors.unreachable(attempt, request, e);
    }
  }

  /**
   * Reads a response whole.
   *
   * @throws AnswerTooLong when it is longer than 32 MiB
   * @throws IOException when it breaks off
   */
  public static HttpAnswer answerOf(Response response) throws IOException {
    ResponseBody body = response.body();
    BufferedSource source = body.source();
    if (source.request(ANSWER_BYTES + 1)) {
      throw new AnswerTooLong(ANSWER_BYTES);
    }
    return new HttpAnswer(response.code(), response.headers(), body.string());
  }

  /** Lets connections and threads go; calls under way are ended. */
  @Override
  public void close() {
    rest.dispatcher().cancelAll();
    rest.dispatcher().executorService().shutdown();
    rest.connectionPool().evictAll();
  }
}
