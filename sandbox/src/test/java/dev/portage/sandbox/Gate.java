package dev.portage.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Passes every call through to a workspace, unless a test intercepts it. */
public final class Gate {
  private static final Set<String> NOT_PASSED_ON =
      Set.of("host", "content-length", "connection", "transfer-encoding", "expect", "upgrade");

  private final String workspace;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();
  private final List<Interceptor> interceptors = new CopyOnWriteArrayList<>();
  private volatile Watcher watcher = Watcher.NONE;

  /**
   * A received call.
   *
   * @param workspace whose
   * @param method HTTP method
   * @param path without query
   * @param query decoded, "" without one
   * @param login its bearer token, "" without one
   * @param text its body if that is JSON, otherwise ""
   */
  public record Call(
      String workspace, String method, String path, String query, String login, String text) {

    /** Without its login. */
    @Override
    public String toString() {
      return method + " " + path + " of " + workspace;
    }
  }

  /** Decides about calls, each of which is in its hands alone. */
  @FunctionalInterface
  public interface Interceptor {
    /** Whether it has taken care of the call; otherwise others may, and then it passes. */
    boolean takes(Passage passage) throws IOException, InterruptedException;
  }

  /** A call on its way to a workspace. */
  public final class Passage {
    private final HttpExchange exchange;
    private final Call call;
    private final HttpRequest request;

    private Passage(HttpExchange exchange, Call call, HttpRequest request) {
      this.exchange = exchange;
      this.call = call;
      this.request = request;
    }

    /** The call. */
    public Call call() {
      return call;
    }

    /** Has the workspace execute it, whether or not the caller still waits; returns the status. */
    public int execute() throws IOException, InterruptedException {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
    }

    /** Has the workspace execute it, and answers what that says. */
    public void pass() throws IOException, InterruptedException {
      Gate.answer(exchange, client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    /** Answers in the workspace's place. */
    public void answer(int status, Map<String, String> headers, String json) throws IOException {
      headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }

    /** Breaks the connection without an answer. */
    public void breakOff() {
      exchange.close();
    }
  }

  /** What a test does to calls. */
  public interface Watcher {
    /** Nothing. */
    Watcher NONE = _ -> Moment.NEVER;

    /** When to interfere with a call. */
    Moment when(Call call);

    /** Interferes; the caller gets no response. */
    default void interfere(Call call) {}
  }

  /** When the fault strikes. */
  public enum Moment {
    NEVER,
    /** Before it reaches the workspace. */
    BEFORE,
    /** After half of it has reached the workspace. */
    DURING,
    /** After the workspace has executed it, and before its response leaves. */
    AFTER
  }

  Gate(String workspace) {
    this.workspace = workspace;
  }

  /** Opens a gate in front of a workspace. */
  URI openBefore(URI host) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              pass(exchange, host);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Intercepts calls from now on. */
  public void watch(Watcher now) {
    watcher = now;
  }

  /** Has an interceptor decide about each call from now on, alongside others. */
  public void add(Interceptor interceptor) {
    interceptors.add(interceptor);
  }

  /** Ends that. */
  public void remove(Interceptor interceptor) {
    interceptors.remove(interceptor);
  }

  /** All calls so far. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private void pass(HttpExchange exchange, URI host) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Call call =
        new Call(
            workspace,
            exchange.getRequestMethod(),
            String.valueOf(exchange.getRequestURI().getPath()),
            Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""),
            login(exchange),
            text(exchange, body));
    calls.add(call);
    Watcher watching = watcher;
    Moment moment = watching.when(call);
    switch (moment) {
      case BEFORE -> watching.interfere(call);
      case DURING -> {
        half(exchange, host, body, () -> watching.interfere(call));
      }
      case AFTER -> {
        forward(exchange, host, body);
        watching.interfere(call);
      }
      case NEVER -> decide(new Passage(exchange, call, request(exchange, host, body)));
    }
  }

  private void decide(Passage passage) throws IOException, InterruptedException {
    for (Interceptor interceptor : interceptors) {
      if (interceptor.takes(passage)) {
        return;
      }
    }
    passage.pass();
  }

  private static String text(HttpExchange exchange, byte[] body) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return type != null && type.contains("json") ? new String(body, StandardCharsets.UTF_8) : "";
  }

  private static String login(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, URI host, byte[] body)
      throws IOException, InterruptedException {
    return client.send(request(exchange, host, body), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpRequest request(HttpExchange exchange, URI host, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(host.toString() + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> request.header(name, value));
          }
        });
    return request.build();
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
      throws IOException {
    for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
      if (!NOT_PASSED_ON.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        exchange.getResponseHeaders().put(header.getKey(), header.getValue());
      }
    }
    byte[] body = answer.body();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    answer
        .headers()
        .firstValue("content-length")
        .filter(_ -> head)
        .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
    exchange.sendResponseHeaders(answer.statusCode(), head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Sends the head and half of the body, then breaks the connection. */
  private static void half(HttpExchange exchange, URI host, byte[] body, Runnable then)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(exchange.getRequestMethod())
        .append(' ')
        .append(exchange.getRequestURI())
        .append(" HTTP/1.1\r\nHost: ")
        .append(host.getAuthority())
        .append("\r\nContent-Length: ")
        .append(body.length)
        .append("\r\n");
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> head.append(name).append(": ").append(value).append("\r\n"));
          }
        });
    head.append("\r\n");
    try (Socket socket = new Socket(host.getHost(), host.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      out.write(body, 0, body.length / 2);
      out.flush();
      then.run();
    }
  }
}
