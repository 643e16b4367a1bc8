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

  /** Makes a call that must succeed. */
  JsonNode api(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = test.send(method, path, TestWorkspace.ALL, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  /** The status and error code of a call that must fail. */
  String refused(String method, String path, String body) throws IOException, InterruptedException {
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

  /** Writes a file the way a data lake requires. */
  void put(String path, String content) throws IOException, InterruptedException {
    String url = url("write", path);
    send("PUT", url + "&resource=file", "");
    append(url, 0, content);
    assertThat(flush(url, content.length()).statusCode()).isEqualTo(200);
  }

  HttpResponse<String> append(String url, long at, String content)
      throws IOException, InterruptedException {
    return send("PATCH", url + "&action=append&position=" + at, content);
  }

  HttpResponse<String> flush(String url, long size) throws IOException, InterruptedException {
    return send("PATCH", url + "&action=flush&position=" + size, "");
  }

  /** The status and Azure's error code. */
  static String error(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.headers().firstValue("x-ms-error-code").orElse("");
  }

  /** The status and the error code of S3 and Google. */
  static String xml(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body().replaceAll("(?s).*<Code>(.*)</Code>.*", "$1");
  }

  @Override
  public void close() {
    http.close();
  }
}
