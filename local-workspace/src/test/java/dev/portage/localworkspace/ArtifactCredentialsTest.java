package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.Effect;
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

/** Credentials for artifacts, and what the signed URLs in them are good for. */
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
    open(new BlobSettings.Adls("mlflow"));
  }

  private void open(BlobSettings store) throws IOException {
    test =
        TestWorkspace.with(
            folder,
            tracking.url(),
            settings ->
                settings.artifacts(new ArtifactSettings(store, Duration.ofHours(1), 2)));
    calls = new SignedCalls(test);
  }

  private void openAgain(BlobSettings store) throws IOException {
    calls.close();
    test.close();
    open(store);
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
    assertThat(append(url, 4, "5678").statusCode()).as("in any order").isEqualTo(202);
    assertThat(append(url, 0, "1234").statusCode()).isEqualTo(202);
    String read = calls.url("read", "model/a b/é.bin");
    assertThat(calls.send("GET", read, "").body()).as("nothing is there yet").isEmpty();
    assertThat(flush(url, 8).statusCode()).isEqualTo(200);

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

    assertThat(error(append(url, 0, "1"))).isEqualTo("404 PathNotFound");
    calls.send("PUT", url + "&resource=file", "");
    append(url, 0, "1234");
    append(url, 5, "678");
    assertThat(error(flush(url, 8))).as("a gap").isEqualTo("400 InvalidFlushPosition");
    append(url, 4, "5");
    assertThat(error(flush(url, 9))).as("another size").isEqualTo("400 InvalidFlushPosition");
    assertThat(error(flush(url, 8))).isEqualTo("200 ");
    assertThat(error(append(url, 0, "1234"))).isEqualTo("400 InvalidFlushPosition");
    assertThat(error(calls.send("PATCH", url + "&action=append", "1")))
        .isEqualTo("400 InvalidQueryParameterValue");
    assertThat(error(calls.send("PUT", url, "1"))).isEqualTo("400 InvalidQueryParameterValue");
  }

  @Test
  void aUrlIsGoodForOneFileAndOneUse() throws Exception {
    put("x", "secret");
    String read = calls.url("read", "x");

    assertThat(error(calls.send("GET", read.replace("/artifacts/x?", "/artifacts/y?"), "")))
        .isEqualTo("403 AuthenticationFailed");
    assertThat(error(calls.send("PUT", read + "&resource=file", "")))
        .isEqualTo("403 AuthorizationPermissionMismatch");
    assertThat(error(calls.send("GET", calls.url("write", "x"), "")))
        .isEqualTo("403 AuthorizationPermissionMismatch");
    assertThat(error(calls.send("GET", read.replace("sp=r", "sp=rcw"), "")))
        .isEqualTo("403 AuthenticationFailed");
    assertThat(error(calls.send("GET", read.replaceAll("se=2\\d{3}", "se=2999"), "")))
        .isEqualTo("403 AuthenticationFailed");
    assertThat(error(calls.send("GET", read.replaceAll("\\?.*", ""), "")))
        .isEqualTo("403 AuthenticationFailed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adls", "gcs"})
  void aLoginBesideTheSignatureIsRefused(String kind) throws Exception {
    openAgain(kind.equals("gcs") ? new BlobSettings.Gcs("mlflow") : new BlobSettings.Adls("mlflow"));
    String read = calls.url("read", "x");

    HttpResponse<String> answer =
        calls.send("GET", read, "", "Authorization", "Bearer " + TestWorkspace.ALL);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain(TestWorkspace.ALL);
  }

  @Test
  void urlsAreOfNoUseOnceTheyAreEndedAndNewOnesAre() throws Exception {
    put("x", "1");
    String before = calls.url("read", "x");
    test.workspace.expireSignedUrls();

    HttpResponse<String> answer = calls.send("GET", before, "");
    assertThat(error(answer)).isEqualTo("403 AuthenticationFailed");
    assertThat(answer.body()).contains("Signature not valid in the specified time frame");
    assertThat(calls.send("GET", calls.url("read", "x"), "").body()).isEqualTo("1");
  }

  @Test
  void filesInTheMannerOfGoogleArePutWhole() throws Exception {
    openAgain(new BlobSettings.Gcs("mlflow"));
    String write = calls.url("write", "a/b c");
    assertThat(calls.send("PUT", write, "0123456789").statusCode()).isEqualTo(200);
    String read = calls.url("read", "a/b c");

    assertThat(calls.send("GET", read, "", "Range", "bytes=3-4").body()).isEqualTo("34");
    assertThat(xml(calls.send("PUT", read, "1"))).isEqualTo("403 SignatureDoesNotMatch");
    assertThat(xml(calls.send("GET", calls.url("read", "gone"), ""))).isEqualTo("404 NoSuchKey");
    assertThat(xml(calls.send("GET", read.replaceAll("Expires=\\d+", "Expires=99999"), "")))
        .isEqualTo("403 SignatureDoesNotMatch");
    test.workspace.expireSignedUrls();
    assertThat(xml(calls.send("GET", read, ""))).isEqualTo("400 ExpiredToken");
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
    put("model/MLmodel", "flavors");
    put("model/data/weights.bin", "12345");
    put("notes.txt", "x");
    String list = BASE + "list?run_id=" + RUN;

    JsonNode root = calls.api("GET", list, "");
    assertThat(root.get("root_uri").asText())
        .isEqualTo("dbfs:/databricks/mlflow-tracking/7/" + RUN + "/artifacts");
    assertThat(paths(root.get("files"), "path")).containsExactly("model", "notes.txt");
    assertThat(root.at("/files/0/is_dir").asBoolean()).isTrue();
    assertThat(root.at("/files/1/file_size").asLong()).isEqualTo(1);
    JsonNode inner = calls.api("GET", list + "&path=model", "");
    assertThat(paths(inner.get("files"), "path"))
        .containsExactly("model/MLmodel", "model/data");
    JsonNode file = calls.api("GET", list + "&path=model/MLmodel", "");
    assertThat(paths(file.get("files"), "path")).as("itself").containsExactly("model/MLmodel");
    assertThat(calls.api("GET", list + "&path=gone", "").get("files")).isEmpty();
    put("third", "x");
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
  void loggedModelsHaveCredentialsOfTheirOwn() throws Exception {
    String base = "/api/2.0/mlflow/logged-models/" + FakeTracking.MODEL;
    JsonNode given =
        calls.api("POST", base + "/artifacts/credentials-for-upload", "{\"paths\": [\"MLmodel\"]}");
    String url = given.at("/credentials/0/credential_info/signed_uri").asText();
    calls.send("PUT", url + "&resource=file", "");
    append(url, 0, "flavors");
    flush(url, 7);

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
  void whatIsWrongIsRefused() throws Exception {
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

  @Test
  void theStoreHasItsBadDays() throws Exception {
    put("x", "12345678");
    String read = calls.url("read", "x");
    String path = "/blobs/*/artifacts/x";
    fault(path, new Effect.Unavailable(Duration.ofSeconds(3)));
    fault(path, new Effect.TooManyRequests(Duration.ofSeconds(2)));
    fault(path, new Effect.Forbidden());
    fault(path, new Effect.FlippedByte(2));
    fault(path, new Effect.Truncated(5));

    HttpResponse<String> busy = calls.send("GET", read, "");
    assertThat(error(busy)).isEqualTo("503 ServerBusy");
    assertThat(busy.headers().firstValue("Retry-After")).hasValue("3");
    assertThat(calls.send("GET", read, "").statusCode()).isEqualTo(429);
    assertThat(error(calls.send("GET", read, ""))).isEqualTo("403 AuthorizationFailure");
    assertThat(calls.send("GET", read, "").body()).isEqualTo("12245678");
    assertThatThrownBy(() -> calls.send("GET", read, "")).isInstanceOf(IOException.class);
    assertThat(calls.send("GET", read, "").body()).isEqualTo("12345678");
    assertThat(test.workspace.calls().matching("GET", path)).hasSize(6);
  }

  @Test
  void aByteThatIsStoredWrongStaysWrong() throws Exception {
    test.workspace
        .faults()
        .add(CallFault.once("PATCH", "/blobs/*", new Effect.FlippedByte(0)));

    put("x", "1234");

    assertThat(calls.send("GET", calls.url("read", "x"), "").body()).isEqualTo("0234");
  }

  private void fault(String path, Effect effect) {
    test.workspace.faults().add(CallFault.once("GET", path, effect));
  }

  private void put(String path, String content) throws Exception {
    String url = calls.url("write", path);
    calls.send("PUT", url + "&resource=file", "");
    append(url, 0, content);
    assertThat(flush(url, content.length()).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> append(String url, long at, String content) throws Exception {
    return calls.send("PATCH", url + "&action=append&position=" + at, content);
  }

  private HttpResponse<String> flush(String url, long size) throws Exception {
    return calls.send("PATCH", url + "&action=flush&position=" + size, "");
  }

  private static String error(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.headers().firstValue("x-ms-error-code").orElse("");
  }

  private static String xml(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body().replaceAll("(?s).*<Code>(.*)</Code>.*", "$1");
  }

  private static List<String> paths(JsonNode list, String field) {
    List<String> paths = new ArrayList<>();
    list.forEach(entry -> paths.add(entry.get(field).asText()));
    return paths;
  }
}
