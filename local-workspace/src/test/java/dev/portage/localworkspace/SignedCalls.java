package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls of the API with a token, and of signed URLs without one. */
final class SignedCalls implements AutoCloseable {
  private final TestWorkspace test;
  private final HttpClient http = HttpClient.newHttpClient();

  SignedCalls(TestWorkspace test) {
    this.test = test;
  }

  /** Makes a call that must go well. */
  JsonNode api(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = test.send(method, path, TestWorkspace.ALL, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  /** The status and the error code of a call that must not go well. */
  String refused(String method, String path, String body)
      throws IOException, InterruptedException {
    return refused(method, path, TestWorkspace.ALL, body);
  }

  String refused(String method, String path, String token, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = test.send(method, path, token, body);
    JsonNode json = Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    return answer.statusCode() + " " + json.path("error_code").asText();
  }

  /** A signed URL of a run's file. */
  String url(String access, String path) throws IOException, InterruptedException {
    String body = "{\"run_id\": \"" + FakeTracking.RUN + "\", \"path\": [\"" + path + "\"]}";
    return api("POST", "/api/2.0/mlflow/artifacts/credentials-for-" + access, body)
        .at("/credential_infos/0/signed_uri")
        .asText();
  }

  HttpResponse<String> send(String method, String url, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
