package dev.portage.databricks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.ByteString;

/** A way to a server that loses answers: the call has come, and nobody is told what of it. */
final class LossyWay implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> lost = new HashSet<>();
  private final Map<String, MockResponse> once = new HashMap<>();
  private final List<String> forwarded = new ArrayList<>();

  private LossyWay(URI target) throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            return answer(target, request);
          }
        });
    server.start();
  }

  /** One to this server. */
  static LossyWay to(URI target) {
    try {
      return new LossyWay(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its own address. */
  URI address() {
    return server.url("/").uri();
  }

  /** Loses the answer to the next such call. */
  synchronized void loses(String method, String path) {
    lost.add(method + " " + path);
  }

  /** Answers the next such call itself. */
  synchronized void answersOnce(String method, String path, int status, String json) {
    once.put(
        method + " " + path,
        new MockResponse.Builder()
            .code(status)
            .setHeader("Content-Type", "application/json")
            .body(json)
            .build());
  }

  /** How many such calls have come to the server. */
  synchronized long forwarded(String method, String path) {
    return forwarded.stream().filter((method + " " + path)::equals).count();
  }

  private synchronized MockResponse answer(URI target, RecordedRequest request)
      throws InterruptedException {
    String call = request.getMethod() + " " + request.getUrl().encodedPath();
    MockResponse ours = once.remove(call);
    if (ours != null) {
      return ours;
    }
    forwarded.add(call);
    HttpResponse<byte[]> answer;
    try {
      answer = http.send(copy(target, request), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lost.remove(call)) {
      return new MockResponse.Builder()
          .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
          .build();
    }
    MockResponse.Builder given =
        new MockResponse.Builder()
            .code(answer.statusCode())
            .body(new okio.Buffer().write(answer.body()));
    answer
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> given.setHeader("Content-Type", type));
    return given.build();
  }

  private static HttpRequest copy(URI target, RecordedRequest request) {
    ByteString body = Objects.requireNonNullElse(request.getBody(), ByteString.EMPTY);
    HttpRequest.Builder copy =
        HttpRequest.newBuilder(target.resolve(request.getTarget()))
            .method(request.getMethod(), BodyPublishers.ofByteArray(body.toByteArray()));
    for (String header : List.of("Authorization", "Content-Type")) {
      String value = request.getHeaders().get(header);
      if (value != null) {
        copy.setHeader(header, value);
      }
    }
    return copy.build();
  }

  @Override
  public void close() {
    server.close();
    http.close();
  }
}
