package dev.portage.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves {@code /health} and {@code /metrics}, on loopback unless configured otherwise. */
final class StatusServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param type content type
   * @param body its text
   */
  record Page(int status, String type, String body) {}

  private StatusServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @throws WorkerRefused if the port is not available
   */
  static StatusServer start(
      InetAddress bind, int port, Supplier<Page> health, Supplier<Page> metrics) {
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(bind, port), 16);
    } catch (IOException taken) {
      throw WorkerRefused.lack(
          "port "
              + port
              + " of "
              + bind.getHostAddress()
              + " is not available: "
              + taken.getMessage()
              + ". Choose another with --port; 0 picks a free one.");
    }
    StatusServer server = new StatusServer(http);
    http.createContext("/health", exchange -> answer(exchange, "/health", health));
    http.createContext("/metrics", exchange -> answer(exchange, "/metrics", metrics));
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  /** Where it is, without a path. */
  URI address() {
    InetSocketAddress address = server.getAddress();
    String host =
        Objects.requireNonNull(address.getAddress(), "a bound server has one").getHostAddress();
    return URI.create(
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
  }

  private static void answer(HttpExchange exchange, String path, Supplier<Page> page)
      throws IOException {
    try (exchange) {
      Page answer =
          !path.equals(exchange.getRequestURI().getPath())
              ? new Page(404, "text/plain", "available: /health and /metrics\n")
              : switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> page.get();
                default -> new Page(405, "text/plain", "only GET\n");
              };
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type() + "; charset=utf-8");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      boolean headOnly = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), headOnly ? -1 : body.length);
      if (!headOnly) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
