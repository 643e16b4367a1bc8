package dev.portage.localworkspace.conformance;

import com.databricks.sdk.core.DatabricksException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that Databricks' Java client lacks. */
final class Calls {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Calls() {}

  /** Makes a call that must succeed. */
  static JsonNode call(WorkspaceUnderTest w, String method, String path, @Nullable Object body) {
    HttpResponse<String> answer = ask(w, method, path, body);
    if (answer.statusCode() / 100 != 2) {
      throw new DatabricksException(method + " " + path + ": " + answer.body());
    }
    return read(answer);
  }

  /** The error code of a call that must be refused. */
  static String code(WorkspaceUnderTest w, String method, String path, @Nullable Object body) {
    HttpResponse<String> answer = ask(w, method, path, body);
    return answer.statusCode() / 100 == 2 ? "none" : read(answer).path("error_code").asText();
  }

  /** Databricks' Java client sends no body with DELETE, so only its login is used. */
  private static HttpResponse<String> ask(
      WorkspaceUnderTest w, String method, String path, @Nullable Object body) {
    List<String> headers = new ArrayList<>(List.of("Accept", "application/json"));
    w.client()
        .config()
        .authenticate()
        .forEach((name, value) -> headers.addAll(List.of(name, value)));
    if (body != null) {
      headers.addAll(List.of("Content-Type", "application/json"));
    }
    String text = body == null ? "" : JSON.valueToTree(body).toString();
    return send(method, w.host() + path, text, headers.toArray(String[]::new));
  }

  private static JsonNode read(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HttpResponse<String> send(String method, String url, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
