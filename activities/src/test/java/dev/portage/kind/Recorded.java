package dev.portage.kind;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A server that answers by method and path, and records each request and its login. */
final class Recorded extends Dispatcher implements AutoCloseable {

  private final MockWebServer server = new MockWebServer();
  private final Map<String, Function<RecordedRequest, MockResponse>> answers =
      new ConcurrentHashMap<>();

  /** Each as "GET /api/2.0/…". */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** Authorization headers, in order. */
  final List<String> logins = new CopyOnWriteArrayList<>();

  Recorded() throws java.io.IOException {
    server.setDispatcher(this);
    server.start();
  }

  /** Its address, without a trailing slash. */
  String address() {
    return "http://" + server.getHostName() + ":" + server.getPort();
  }

  Recorded on(String call, int status, String body) {
    return on(call, _ -> answer(status, body));
  }

  Recorded on(String call, Function<RecordedRequest, MockResponse> answer) {
    answers.put(call, answer);
    return this;
  }

  static MockResponse answer(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String call = request.getMethod() + " " + request.getUrl().encodedPath();
    asked.add(call);
    logins.add(String.valueOf(request.getHeaders().get("Authorization")));
    return answers
        .getOrDefault(call, _ -> answer(404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}"))
        .apply(request);
  }

  @Override
  public void close() {
    server.close();
  }
}
