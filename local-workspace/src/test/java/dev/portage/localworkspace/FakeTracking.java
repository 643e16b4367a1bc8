package dev.portage.localworkspace;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A tracking server with one run and one logged model, the locations of their artifacts, and a
 * registered model.
 */
final class FakeTracking implements AutoCloseable {
  static final String RUN = "0123456789abcdef0123456789abcdef";
  static final String ELSEWHERE = "fedcba9876543210fedcba9876543210";
  static final String MODEL = "m-0123456789abcdef0123456789abcdef";

  /** The versions of the model "tripler" before it are ready, and it is not. */
  static final int PENDING_VERSION = 8;

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
    server.createContext(
        "/api/2.0/mlflow/model-versions/get",
        exchange -> {
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          int version = Integer.parseInt(query.substring(query.lastIndexOf('=') + 1));
          boolean known = query.startsWith("name=tripler&") && version <= PENDING_VERSION;
          String status = version == PENDING_VERSION ? "PENDING_REGISTRATION" : "READY";
          byte[] body =
              ("{\"model_version\": {\"source\": \"s\", \"status\": \"" + status + "\"}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
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
