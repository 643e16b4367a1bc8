package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.Effect;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What reaches the server behind the proxy, and what comes back; that server records its requests.
 */
class MlflowProxyTest {
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";

  private record Seen(String method, URI uri, Map<String, List<String>> headers, ByteBuffer body) {}

  /** The answer of the server behind the proxy. */
  private interface Answer {
    void give(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @TempDir Path folder;
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private volatile Answer answer = exchange -> exchange.sendResponseHeaders(200, -1);
  private HttpServer behind;
  private TestWorkspace test;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    behind.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    behind.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          seen.add(
              new Seen(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  Map.copyOf(exchange.getRequestHeaders()),
                  ByteBuffer.wrap(body)));
          try {
            answer.give(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
    behind.start();
    test =
        TestWorkspace.before(
            URI.create("http://127.0.0.1:" + behind.getAddress().getPort()), folder);
  }

  @AfterEach
  void stop() {
    http.close();
    test.close();
    behind.stop(0);
  }

  @Test
  void callsPassUnchangedExceptForTheCallersToken() throws IOException, InterruptedException {
    answer =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.getResponseHeaders().set("ETag", "\"abc\"");
          byte[] body =
              "{\"error_code\":\"RESOURCE_ALREADY_EXISTS\"}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(400, body.length);
          exchange.getResponseBody().write(body);
        };

    HttpResponse<String> got =
        http.send(
            call("/api/2.0/mlflow/registered-models/create?x=a%20b&x=c", TestWorkspace.ALL)
                .header("X-MLFLOW-WORKSPACE", "team")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"diabetes\"}"))
                .build(),
            BodyHandlers.ofString());

    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).isEqualTo("{\"error_code\":\"RESOURCE_ALREADY_EXISTS\"}");
    assertThat(got.headers().firstValue("ETag")).hasValue("\"abc\"");
    assertThat(got.headers().allValues("Content-Type")).containsExactly("application/json");
    assertThat(got.headers().allValues("Date")).hasSize(1);
    Seen asked = seen();
    assertThat(asked.uri()).hasToString("/api/2.0/mlflow/registered-models/create?x=a%20b&x=c");
    assertThat(StandardCharsets.UTF_8.decode(asked.body()).toString())
        .isEqualTo("{\"name\":\"diabetes\"}");
    assertThat(asked.headers()).containsEntry("X-mlflow-workspace", List.of("team"));
    assertThat(asked.headers()).doesNotContainKey("Authorization");
  }

  @ParameterizedTest
  @CsvSource({
    "/Workspace/Shared/x, /Shared/x",
    "//Workspace/Shared/x, /Shared/x",
    "/Shared/x, /Shared/x",
    "/Workspaces, /Workspaces",
    "churn, churn"
  })
  void anExperimentIsStoredByItsPathWithoutTheWorkspacePrefix(String given, String kept)
      throws IOException, InterruptedException {
    http.send(
        call("/api/2.0/mlflow/experiments/create", TestWorkspace.ALL)
            .POST(BodyPublishers.ofString("{\"name\":\"" + given + "\"}"))
            .build(),
        BodyHandlers.discarding());

    assertThat(StandardCharsets.UTF_8.decode(seen().body()).toString())
        .isEqualTo("{\"name\":\"" + kept + "\"}");
  }

  @Test
  void anExperimentNeedsItsFolder() throws IOException, InterruptedException {
    HttpRequest create =
        call("/api/2.0/mlflow/experiments/create", TestWorkspace.ALL)
            .POST(BodyPublishers.ofString("{\"name\":\"/Workspace/Shared/team/x\"}"))
            .build();

    HttpResponse<String> without = http.send(create, BodyHandlers.ofString());
    assertThat(without.statusCode()).isEqualTo(404);
    assertThat(without.body()).contains("The parent folder (/Shared/team) does not exist.");

    http.send(
        call("/api/2.0/workspace/mkdirs", TestWorkspace.ALL)
            .POST(BodyPublishers.ofString("{\"path\":\"/Shared/team\"}"))
            .build(),
        BodyHandlers.discarding());
    http.send(create, BodyHandlers.discarding());
    assertThat(seen().uri()).hasToString("/api/2.0/mlflow/experiments/create");
  }

  @Test
  void escapedNamesStayUnchanged() throws IOException, InterruptedException {
    http.send(
        call(ARTIFACTS + "/1/a%20b%2Fc%25d%C3%A9;x.bin", TestWorkspace.ALL).GET().build(),
        BodyHandlers.discarding());

    assertThat(seen().uri().getRawPath()).isEqualTo(ARTIFACTS + "/1/a%20b%2Fc%25d%C3%A9;x.bin");
  }

  @Test
  void rangesAndPartialResponsesPass() throws IOException, InterruptedException {
    answer =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 2-4/10");
          exchange.sendResponseHeaders(206, 3);
          exchange.getResponseBody().write(new byte[] {2, 3, 4});
        };

    HttpResponse<byte[]> got =
        http.send(
            call(ARTIFACTS + "/1/x", TestWorkspace.VIEWER).header("Range", "bytes=2-4").build(),
            BodyHandlers.ofByteArray());

    assertThat(got.statusCode()).isEqualTo(206);
    assertThat(got.body()).containsExactly(2, 3, 4);
    assertThat(got.headers().firstValue("Content-Range")).hasValue("bytes 2-4/10");
    assertThat(got.headers().firstValue("Content-Length")).hasValue("3");
    assertThat(seen().headers()).containsEntry("Range", List.of("bytes=2-4"));
  }

  @Test
  void responsesAreStreamed() throws IOException, InterruptedException {
    CountDownLatch firstSeen = new CountDownLatch(1);
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream body = exchange.getResponseBody();
          body.write(new byte[400_000]);
          body.flush();
          assertThat(firstSeen.await(10, TimeUnit.SECONDS)).isTrue();
          body.write(1);
        };

    HttpResponse<InputStream> got =
        http.send(
            call(ARTIFACTS + "/1/x", TestWorkspace.ALL).build(), BodyHandlers.ofInputStream());
    try (InputStream body = got.body()) {
      assertThat(body.readNBytes(100_000)).hasSize(100_000);
      firstSeen.countDown();
      assertThat(body.readAllBytes()).hasSize(300_001);
    }
  }

  @Test
  void uploadsKeepTheirLengthAndBytes() throws IOException, InterruptedException {
    byte[] content = new byte[5_000_000];
    new java.util.Random(7).nextBytes(content);

    http.send(
        call(ARTIFACTS + "/1/x", TestWorkspace.ALL)
            .PUT(BodyPublishers.ofByteArray(content))
            .build(),
        BodyHandlers.discarding());

    Seen asked = seen();
    assertThat(asked.headers()).containsEntry("Content-length", List.of("5000000"));
    assertThat(asked.body()).isEqualTo(ByteBuffer.wrap(content));
  }

  @Test
  void whoMayReadMaySearchButChangesNothing() throws IOException, InterruptedException {
    assertThat(status("POST", "/api/2.0/mlflow/runs/search", TestWorkspace.VIEWER)).isEqualTo(200);
    assertThat(
            status(
                "POST",
                "/api/2.0/mlflow/registered-models/get-latest-versions",
                TestWorkspace.VIEWER))
        .isEqualTo(200);
    assertThat(status("POST", "/api/2.0/mlflow/runs/create", TestWorkspace.VIEWER)).isEqualTo(403);
    assertThat(status("PATCH", "/api/2.0/mlflow/logged-models/m-1", TestWorkspace.VIEWER))
        .isEqualTo(403);
    assertThat(status("PUT", ARTIFACTS + "/1/search", TestWorkspace.VIEWER)).isEqualTo(403);
    assertThat(status("POST", "/api/2.0/mlflow-artifacts/mpu/create/search", TestWorkspace.VIEWER))
        .isEqualTo(403);
    assertThat(seen).hasSize(2);
  }

  @Test
  void aCallWithALostResponseReachedTheServer() throws InterruptedException {
    test.workspace
        .faults()
        .add(CallFault.once("POST", "/api/2.0/mlflow/runs/create", new Effect.LostAnswer()));

    assertThatThrownBy(() -> status("POST", "/api/2.0/mlflow/runs/create", TestWorkspace.ALL))
        .isInstanceOf(IOException.class);

    assertThat(seen().uri().getPath()).isEqualTo("/api/2.0/mlflow/runs/create");
    assertThat(seen).isEmpty();
  }

  @Test
  void aMissingServerIsUnavailable() throws IOException, InterruptedException {
    behind.stop(0);

    HttpResponse<String> got =
        http.send(
            call("/api/2.0/mlflow/experiments/get?experiment_id=0", TestWorkspace.ALL).build(),
            BodyHandlers.ofString());

    assertThat(got.statusCode()).isEqualTo(503);
    assertThat(got.body()).contains("TEMPORARILY_UNAVAILABLE", "does not respond");
  }

  private int status(String method, String path, String token)
      throws IOException, InterruptedException {
    return http.send(
            call(path, token).method(method, BodyPublishers.ofString("{}")).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private HttpRequest.Builder call(String path, String token) {
    return HttpRequest.newBuilder(URI.create(test.workspace.host() + path))
        .header("Authorization", "Bearer " + token);
  }

  private Seen seen() throws InterruptedException {
    Seen next = seen.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("Nothing reached the server behind");
    }
    return next;
  }
}
