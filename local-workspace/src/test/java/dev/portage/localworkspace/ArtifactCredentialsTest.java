package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials for artifacts, and what their signed URLs permit. */
class ArtifactCredentialsTest {
  private static final String BASE = "/api/2.0/mlflow/artifacts/";
  private static final String RUN = FakeTracking.RUN;

  @TempDir Path folder;
  private FakeTracking tracking;
  private TestWorkspace test;
  private SignedCalls calls;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
    BlobSettings store = new BlobSettings.Adls("mlflow");
    test =
        TestWorkspace.with(
            folder,
            tracking.url(),
            settings -> settings.artifacts(new ArtifactSettings(store, Duration.ofHours(1), 2)));
    calls = new SignedCalls(test);
  }

  @AfterEach
  void stop() {
    calls.close();
    test.close();
    tracking.close();
  }

  @Test
  void aFileIsWrittenAppendedAndRead() throws Exception {
    String url = calls.url("write", "model/a b/é.bin");

    assertThat(calls.send("PUT", url + "&resource=file", "").statusCode()).isEqualTo(201);
    assertThat(calls.append(url, 4, "5678").statusCode()).as("in any order").isEqualTo(202);
    assertThat(calls.append(url, 0, "1234").statusCode()).isEqualTo(202);
    String read = calls.url("read", "model/a b/é.bin");
    assertThat(calls.send("GET", read, "").body()).as("nothing is there yet").isEmpty();
    assertThat(calls.flush(url, 8).statusCode()).isEqualTo(200);

    HttpResponse<String> whole = calls.send("GET", read, "");
    assertThat(whole.body()).isEqualTo("12345678");
    HttpResponse<String> part = calls.send("GET", read, "", "Range", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("345");
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 2-4/8");
    assertThat(calls.send("GET", read, "", "Range", "bytes=8-9").statusCode()).isEqualTo(416);
  }

  @Test
  void appendedDataMustFitTogether() throws Exception {
    String url = calls.url("write", "x");

    assertThat(SignedCalls.error(calls.append(url, 0, "1"))).isEqualTo("404 PathNotFound");
    calls.send("PUT", url + "&resource=file", "");
    calls.append(url, 0, "1234");
    calls.append(url, 5, "678");
    assertThat(SignedCalls.error(calls.flush(url, 8)))
        .as("a gap")
        .isEqualTo("400 InvalidFlushPosition");
    calls.append(url, 4, "5");
    assertThat(SignedCalls.error(calls.flush(url, 9)))
        .as("another size")
        .isEqualTo("400 InvalidFlushPosition");
    assertThat(SignedCalls.error(calls.flush(url, 8))).isEqualTo("200 ");
    assertThat(SignedCalls.error(calls.append(url, 0, "1234")))
        .isEqualTo("400 InvalidFlushPosition");
    assertThat(SignedCalls.error(calls.send("PATCH", url + "&action=append", "1")))
        .isEqualTo("400 InvalidQueryParameterValue");
    assertThat(SignedCalls.error(calls.send("PUT", url, "1")))
        .isEqualTo("400 InvalidQueryParameterValue");
  }

  @Test
  void credentialsComeInPagesAndInOrder() throws Exception {
    String start = "{\"run_id\": \"" + RUN + "\", \"path\": [\"c\", \"a\", \"b\"]";

    JsonNode first = calls.api("POST", BASE + "credentials-for-read", start + "}");
    String token = first.get("next_page_token").asText();
    JsonNode last =
        calls.api(
            "POST", BASE + "credentials-for-read", start + ", \"page_token\": \"" + token + "\"}");

    assertThat(paths(first.get("credential_infos"), "path")).containsExactly("c", "a");
    assertThat(paths(last.get("credential_infos"), "path")).containsExactly("b");
    assertThat(last.has("next_page_token")).isFalse();
    assertThat(first.at("/credential_infos/0/run_id").asText()).isEqualTo(RUN);
    assertThat(first.at("/credential_infos/0/type").asText()).isEqualTo("AZURE_ADLS_GEN2_SAS_URI");
    assertThat(
            calls.refused(
                "POST", BASE + "credentials-for-read", start + ", \"page_token\": \"x\"}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void whatIsWrittenIsListedWithItsSize() throws Exception {
    calls.put("model/MLmodel", "flavors");
    calls.put("model/data/weights.bin", "12345");
    calls.put("notes.txt", "x");
    String list = BASE + "list?run_id=" + RUN;

    JsonNode root = calls.api("GET", list, "");
    assertThat(root.get("root_uri").asText())
        .isEqualTo("dbfs:/databricks/mlflow-tracking/7/" + RUN + "/artifacts");
    assertThat(paths(root.get("files"), "path")).containsExactly("model", "notes.txt");
    assertThat(root.at("/files/0/is_dir").asBoolean()).isTrue();
    assertThat(root.at("/files/1/file_size").asLong()).isEqualTo(1);
    JsonNode inner = calls.api("GET", list + "&path=model", "");
    assertThat(paths(inner.get("files"), "path")).containsExactly("model/MLmodel", "model/data");
    JsonNode file = calls.api("GET", list + "&path=model/MLmodel", "");
    assertThat(paths(file.get("files"), "path")).as("itself").containsExactly("model/MLmodel");
    assertThat(calls.api("GET", list + "&path=gone", "").get("files")).isEmpty();
    calls.put("third", "x");
    JsonNode page = calls.api("GET", list, "");
    assertThat(
            paths(
                calls
                    .api("GET", list + "&page_token=" + page.get("next_page_token").asText(), "")
                    .get("files"),
                "path"))
        .containsExactly("third");
  }

  @Test
  void loggedModelsHaveTheirOwnCredentials() throws Exception {
    String base = "/api/2.0/mlflow/logged-models/" + FakeTracking.MODEL;
    JsonNode given =
        calls.api("POST", base + "/artifacts/credentials-for-upload", "{\"paths\": [\"MLmodel\"]}");
    String url = given.at("/credentials/0/credential_info/signed_uri").asText();
    calls.send("PUT", url + "&resource=file", "");
    calls.append(url, 0, "flavors");
    calls.flush(url, 7);

    assertThat(given.at("/credentials/0/model_id").asText()).isEqualTo(FakeTracking.MODEL);
    JsonNode listed = calls.api("GET", base + "/artifacts/directories", "");
    assertThat(listed.get("root_uri").asText())
        .contains("/7/logged_models/" + FakeTracking.MODEL + "/artifacts");
    assertThat(listed.at("/files/0/file_size").asLong()).isEqualTo(7);
    assertThat(calls.api("GET", base, "").toString())
        .as("as Databricks shows the place")
        .contains("/7/logged_models/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "."})
  void aPathThatLeavesItsFolderIsRefused(String path) throws Exception {
    String body = "{\"run_id\": \"" + RUN + "\", \"path\": [\"" + path + "\"]}";

    assertThat(calls.refused("POST", BASE + "credentials-for-write", body))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  @Test
  void invalidRequestsAreRefused() throws Exception {
    String read = BASE + "credentials-for-read";
    assertThat(calls.refused("POST", read, "{\"run_id\": \"0\", \"path\": [\"x\"]}"))
        .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    assertThat(calls.refused("POST", read, "{\"run_id\": \"" + RUN + "\", \"path\": []}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(calls.refused("POST", read, "{\"run_id\": \"" + RUN + "\", \"paths\": [\"x\"]}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(
            calls.refused(
                "POST",
                read,
                "{\"run_id\": \"" + FakeTracking.ELSEWHERE + "\", \"path\": [\"x\"]}"))
        .as("artifacts that lie elsewhere")
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
    assertThat(
            calls.refused(
                "POST",
                BASE + "credentials-for-write",
                TestWorkspace.VIEWER,
                "{\"run_id\": \"" + RUN + "\", \"path\": [\"x\"]}"))
        .isEqualTo("403 PERMISSION_DENIED");
    assertThat(
            calls.refused(
                "POST",
                BASE + "create-multipart-upload",
                "{\"run_id\": \"" + RUN + "\", \"path\": \"x\", \"num_parts\": 2}"))
        .isEqualTo("400 INVALID_PARAMETER_VALUE");
  }

  private static List<String> paths(JsonNode list, String field) {
    List<String> paths = new ArrayList<>();
    list.forEach(entry -> paths.add(entry.get(field).asText()));
    return paths;
  }
}
