package dev.portage.localworkspace;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A tracking server with one run and one logged model, and the locations of their artifacts. */
final class FakeTracking implements AutoCloseable {
  static final String RUN = "0123456789abcdef0123456789abcdef";
  static final String ELSEWHERE = "fedcba9876543210fedcba9876543210";
  static final String MODEL = "m-0123456789abcdef0123456789abcdef";

  private final HttpServer server;

  FakeTracking() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    answer("/", 404, "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\"}");
    server.createContext(
        "/api/2.0/mlflow/runs/get",
        exchange -> {
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          String place =
              query.endsWith(RUN)
                  ? "dbfs:/databricks/mlflow-tracking/7/" + RUN + "/artifacts"
                  : "mlflow-artifacts:/7/" + ELSEWHERE + "/artifacts";
          boolean known = query.endsWith(RUN) || query.endsWith(ELSEWHERE);
          byte[] body =
              ("{\"run\": {\"info\": {\"artifact_uri\": \"" + place + "\"}}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(known ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    answer(
        "/api/2.0/mlflow/logged-models/" + MODEL,
        200,
        "{\"model\": {\"info\": {\"artifact_uri\":"
            + " \"dbfs:/databricks/mlflow-tracking/7/models/"
            + MODEL
            + "/artifacts\"}}}");
    server.start();
  }

  private void answer(String path, int status, String text) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
