package dev.portage.localworkspace;

import com.sun.net.httpserver.HttpServer;
import dev.portage.localworkspace.serving.Failure;
import dev.portage.localworkspace.serving.ModelServers;
import dev.portage.localworkspace.serving.ServerLogs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Servers within this process: each answers with the number of its version. */
final class FakeServers implements ModelServers {
  private final List<FakeServer> all = new CopyOnWriteArrayList<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private volatile Duration delay = Duration.ZERO;
  private volatile Runnable beforeStart = () -> {};

  /** Whoever starts a server does this first, and waits for it. */
  void beforeStart(Runnable action) {
    beforeStart = action;
  }

  /** Servers of that version are not ready before {@link #release}. */
  void hold(String version) {
    held.add(version);
  }

  void release(String version) {
    held.remove(version);
    all.stream()
        .filter(server -> server.order.version().version().equals(version))
        .forEach(FakeServer::becomeReady);
  }

  /** Answers take so long from now on. */
  void slow(Duration value) {
    delay = value;
  }

  /** Those that run or start. */
  List<FakeServer> running() {
    return all.stream().filter(server -> !server.ended.isDone()).toList();
  }

  /** How often one was started. */
  int starts() {
    return all.size();
  }

  @Override
  public ModelServer start(Order order, ServerLogs logs) throws IOException {
    beforeStart.run();
    FakeServer server = new FakeServer(order);
    all.add(server);
    logs.add("built " + order.version().path());
    StartFault fault = order.fault();
    if (fault == StartFault.BUILD) {
      server.fails(Failure.Kind.BUILD, "no such package");
    } else if (fault == StartFault.MEMORY) {
      server.fails(Failure.Kind.LOAD, "the model server was killed, perhaps out of memory");
    } else if (fault == null && !held.contains(order.version().version())) {
      server.becomeReady();
    }
    return server;
  }

  final class FakeServer implements ModelServer {
    final Order order;
    private final HttpServer http;
    private final CompletableFuture<URI> ready = new CompletableFuture<>();
    private final CompletableFuture<@Nullable String> ended = new CompletableFuture<>();

    private FakeServer(Order order) throws IOException {
      this.order = order;
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext(
          "/invocations",
          exchange -> {
            try {
              exchange.getRequestBody().readAllBytes();
              Thread.sleep(delay);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            byte[] body =
                ("{\"predictions\": [" + order.version().version() + "]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      http.start();
    }

    private void becomeReady() {
      ready.complete(URI.create("http://127.0.0.1:" + http.getAddress().getPort()));
    }

    private void fails(Failure.Kind kind, String reason) {
      ready.completeExceptionally(new StartFailed(kind, reason));
    }

    /** It dies by itself. */
    void dies() {
      http.stop(0);
      ended.complete("exited with code 1");
    }

    @Override
    public CompletableFuture<URI> ready() {
      return ready;
    }

    @Override
    public CompletableFuture<@Nullable String> ended() {
      return ended;
    }

    @Override
    public @Nullable Usage usage() {
      return new Usage(1, 1024 * 1024 * 1024);
    }

    @Override
    public void stop() {
      http.stop(0);
      fails(Failure.Kind.LOAD, "it was stopped");
      ended.complete(null);
    }
  }
}
