package dev.portage.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A receiver on a port of its own, which answers what a test plans; 204 without a plan. */
final class ReceiverServer implements AutoCloseable {

  /** A secret path, as Slack and Teams have them. */
  static final String PATH = "/services/T0SECRET1/B0SECRET2/XyzSecretToken";

  /**
   * What came.
   *
   * @param path with its query
   * @param headers by lower-case name
   */
  record Got(String path, Map<String, String> headers, String body) {}

  /** How it answers once. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  final List<Got> got = new CopyOnWriteArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  ReceiverServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens, with the secret. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH + "?sig=QuerySecretValue";
  }

  /** The next request gets this status, and so much of a header. */
  void next(int status, @Nullable String header, @Nullable String value, String body) {
    next(exchange -> {
      if (header != null) {
        exchange.getResponseHeaders().add(header, value);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    });
  }

  /** The next request is taken and not answered while the receiver lives. */
  void hang() {
    next(exchange -> awaitClose());
  }

  /** Returns once the receiver is closed. */
  void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void next(Answer answer) {
    answers.add(answer);
  }

  private synchronized Answer answer() {
    Answer planned = answers.poll();
    return planned == null ? exchange -> exchange.sendResponseHeaders(204, -1) : planned;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new ConcurrentHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    got.add(new Got(exchange.getRequestURI().toString(), Map.copyOf(headers), body));
    try (exchange) {
      answer().to(exchange);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
