package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Multipart uploads to a volume, by signed URLs. */
class UploadsTest {
  private static final String PATH = "/Volumes/main/default/data/a b.bin";
  private static final String FILE = "/api/2.0/fs/files/Volumes/main/default/data/a%20b.bin";
  private static final String TIME = "\"expire_time\": \"2999-01-01T00:00:00Z\"";

  @TempDir Path folder;
  private TestWorkspace test;
  private SignedCalls calls;

  @BeforeEach
  void start() throws IOException {
    test = TestWorkspace.in(folder);
    calls = new SignedCalls(test);
  }

  @AfterEach
  void stop() {
    calls.close();
    test.close();
  }

  @Test
  void aFileConsistsOfItsPartsInOrder() throws Exception {
    String token = begin();
    JsonNode urls = urls(token, 1, 3);
    String third = etag(put(urls, 2, "56"));
    put(urls, 0, "xx");
    String first = etag(put(urls, 0, "12"));
    String second = etag(put(urls, 1, "34"));
    assertThat(test.send("GET", FILE, TestWorkspace.ALL, "").statusCode())
        .as("nothing is seen of it before")
        .isEqualTo(404);

    assertThat(calls.refused("POST", end(token), parts(first, third)))
        .as("the ETag of another part")
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(calls.refused("POST", end(token), "{\"parts\": [" + part(2, second) + "]}"))
        .as("a gap")
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    calls.api("POST", end(token), parts(first, second, third));

    assertThat(test.send("GET", FILE, TestWorkspace.ALL, "").body()).isEqualTo("123456");
    assertThat(calls.refused("POST", end(token), parts(first))).isEqualTo("404 NOT_FOUND");
    assertThat(calls.send("PUT", urls.at("/0/url").asText(), "12").statusCode()).isEqualTo(404);
  }

  @Test
  void anUploadSurvivesARestart() throws Exception {
    String token = begin();
    String first = etag(put(urls(token, 1, 1), 0, "12"));
    calls.close();
    test.close();
    start();

    String second = etag(put(urls(token, 2, 1), 0, "34"));
    calls.api("POST", end(token), parts(first, second));

    assertThat(test.send("GET", FILE, TestWorkspace.ALL, "").body()).isEqualTo("1234");
  }

  @Test
  void anUploadIsAbortedByItsUrl() throws Exception {
    String token = begin();
    put(urls(token, 1, 1), 0, "12");
    String body =
        "{\"path\": \"" + PATH + "\", \"session_token\": \"" + token + "\", " + TIME + "}";
    String url =
        calls
            .api("POST", "/api/2.0/fs/create-abort-upload-url", body)
            .at("/abort_upload_url/url")
            .asText();

    assertThat(calls.send("PUT", url, "x").statusCode()).isEqualTo(403);
    assertThat(calls.send("DELETE", url, "").statusCode()).isEqualTo(200);
    assertThat(calls.send("DELETE", url, "").statusCode()).isEqualTo(404);
    assertThat(calls.refused("POST", "/api/2.0/fs/create-upload-part-urls", ask(token, 1, 1)))
        .isEqualTo("404 NOT_FOUND");
  }

  @Test
  void anExpiredUrlIsReportedInClientsTerms() throws Exception {
    JsonNode urls = urls(begin(), 1, 1);
    test.workspace.expireSignedUrls();

    HttpResponse<String> answer = put(urls, 0, "12");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .contains(
            "<Code>AuthenticationFailed</Code>",
            "<AuthenticationErrorDetail>Signature not valid in the specified time frame");
  }

  @Test
  void invalidRequestsAreRefused() throws Exception {
    assertThat(calls.refused("POST", FILE + "?action=initiate-upload", TestWorkspace.VIEWER, ""))
        .isEqualTo("403 PERMISSION_DENIED");
    test.send("PUT", FILE, TestWorkspace.ALL, "there");
    assertThat(calls.refused("POST", FILE + "?action=initiate-upload", ""))
        .isEqualTo("409 ALREADY_EXISTS");
    assertThat(calls.refused("POST", FILE + "?action=finish", ""))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    String token = begin();
    assertThat(
            calls.refused(
                "POST",
                "/api/2.0/fs/create-upload-part-urls",
                ask(token, 1, 1).replace("a b.bin", "c.bin")))
        .as("another path")
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(
            calls.refused(
                "POST",
                "/api/2.0/fs/create-upload-part-urls",
                ask(token, 1, 1).replace("2999", "1999")))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(calls.refused("POST", "/api/2.0/fs/create-upload-part-urls", ask("0", 1, 1)))
        .isEqualTo("404 NOT_FOUND");
    assertThat(
            calls.refused(
                "POST",
                "/api/2.0/fs/create-download-url",
                "{\"path\": \"/Volumes/main/default/data/gone\"}"))
        .isEqualTo("404 NOT_FOUND");
  }

  private String begin() throws Exception {
    return calls
        .api("POST", FILE + "?action=initiate-upload&overwrite=true", "")
        .at("/multipart_upload/session_token")
        .asText();
  }

  private static String end(String token) {
    return FILE + "?action=complete-upload&upload_type=multipart&session_token=" + token;
  }

  private static String ask(String token, int first, int count) {
    return "{\"path\": \""
        + PATH
        + "\", \"session_token\": \""
        + token
        + "\", \"start_part_number\": "
        + first
        + ", \"count\": "
        + count
        + ", "
        + TIME
        + "}";
  }

  private JsonNode urls(String token, int first, int count) throws Exception {
    return calls
        .api("POST", "/api/2.0/fs/create-upload-part-urls", ask(token, first, count))
        .get("upload_part_urls");
  }

  private HttpResponse<String> put(JsonNode urls, int index, String content) throws Exception {
    return calls.send("PUT", urls.get(index).get("url").asText(), content);
  }

  private static String etag(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private static String parts(String... etags) {
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < etags.length; i++) {
      json.append(i == 0 ? "" : ", ").append(part(i + 1, etags[i]));
    }
    return "{\"parts\": [" + json + "]}";
  }

  private static String part(int number, String etag) {
    return "{\"part_number\": " + number + ", \"etag\": \"" + etag.replace("\"", "\\\"") + "\"}";
  }
}
