package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.localworkspace.artifacts.ArtifactSettings;
import dev.portage.localworkspace.blobs.BlobSettings;
import dev.portage.localworkspace.faults.CallFault;
import dev.portage.localworkspace.faults.Effect;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What signed URLs permit, and what may fail behind them. */
class SignedUrlsTest {
  @TempDir Path folder;
  private FakeTracking tracking;
  private TestWorkspace test;
  private SignedCalls calls;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
    open(new BlobSettings.Adls("mlflow"), Duration.ofHours(1));
  }

  private void open(BlobSettings store, Duration life) throws IOException {
    test =
        TestWorkspace.with(
            folder,
            tracking.url(),
            settings -> settings.artifacts(new ArtifactSettings(store, life, 100)));
    calls = new SignedCalls(test);
  }

  private void openAgain(BlobSettings store, Duration life) throws IOException {
    calls.close();
    test.close();
    open(store, life);
  }

  private void openAgain(BlobSettings store) throws IOException {
    openAgain(store, Duration.ofHours(1));
  }

  @AfterEach
  void stop() {
    calls.close();
    test.close();
    tracking.close();
  }

  @Test
  void aUrlIsValidForOneFileAndOneUse() throws Exception {
    calls.put("x", "secret");
    String read = calls.url("read", "x");

    assertThat(
            SignedCalls.error(
                calls.send("GET", read.replace("/artifacts/x?", "/artifacts/y?"), "")))
        .isEqualTo("403 AuthenticationFailed");
    assertThat(SignedCalls.error(calls.send("PUT", read + "&resource=file", "")))
        .isEqualTo("403 AuthorizationPermissionMismatch");
    assertThat(SignedCalls.error(calls.send("GET", calls.url("write", "x"), "")))
        .isEqualTo("403 AuthorizationPermissionMismatch");
    assertThat(SignedCalls.error(calls.send("GET", read.replace("sp=r", "sp=rcw"), "")))
        .isEqualTo("403 AuthenticationFailed");
    assertThat(SignedCalls.error(calls.send("GET", read.replaceAll("se=2\\d{3}", "se=2999"), "")))
        .isEqualTo("403 AuthenticationFailed");
    assertThat(SignedCalls.error(calls.send("GET", read.replaceAll("\\?.*", ""), "")))
        .isEqualTo("403 AuthenticationFailed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adls", "gcs"})
  void aLoginNextToTheSignatureIsRefused(String kind) throws Exception {
    openAgain(
        kind.equals("gcs") ? new BlobSettings.Gcs("mlflow") : new BlobSettings.Adls("mlflow"));
    String read = calls.url("read", "x");

    HttpResponse<String> answer =
        calls.send("GET", read, "", "Authorization", "Bearer " + TestWorkspace.ALL);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain(TestWorkspace.ALL);
  }

  @Test
  void endedUrlsAreUselessAndNewOnesWork() throws Exception {
    calls.put("x", "1");
    String before = calls.url("read", "x");
    test.workspace.expireSignedUrls();

    HttpResponse<String> answer = calls.send("GET", before, "");
    assertThat(SignedCalls.error(answer)).isEqualTo("403 AuthenticationFailed");
    assertThat(answer.body()).contains("Signature not valid in the specified time frame");
    assertThat(calls.send("GET", calls.url("read", "x"), "").body()).isEqualTo("1");
  }

  @Test
  void googleFilesArePutWhole() throws Exception {
    openAgain(new BlobSettings.Gcs("mlflow"));
    String write = calls.url("write", "a/b c");
    assertThat(calls.send("PUT", write, "0123456789").statusCode()).isEqualTo(200);
    String read = calls.url("read", "a/b c");

    assertThat(calls.send("GET", read, "", "Range", "bytes=3-4").body()).isEqualTo("34");
    assertThat(SignedCalls.xml(calls.send("PUT", read, "1")))
        .isEqualTo("403 SignatureDoesNotMatch");
    assertThat(SignedCalls.xml(calls.send("GET", calls.url("read", "gone"), "")))
        .isEqualTo("404 NoSuchKey");
    assertThat(
            SignedCalls.xml(
                calls.send("GET", read.replaceAll("Expires=\\d+", "Expires=99999"), "")))
        .isEqualTo("403 SignatureDoesNotMatch");
    test.workspace.expireSignedUrls();
    assertThat(SignedCalls.xml(calls.send("GET", read, ""))).isEqualTo("400 ExpiredToken");
  }

  @Test
  void theStoreCanFail() throws Exception {
    calls.put("x", "12345678");
    String read = calls.url("read", "x");
    String path = "/blobs/*/artifacts/x";
    fault(path, new Effect.Unavailable(Duration.ofSeconds(3)));
    fault(path, new Effect.TooManyRequests(Duration.ofSeconds(2)));
    fault(path, new Effect.Forbidden());
    fault(path, new Effect.FlippedByte(2));
    fault(path, new Effect.Truncated(5));

    HttpResponse<String> busy = calls.send("GET", read, "");
    assertThat(SignedCalls.error(busy)).isEqualTo("503 ServerBusy");
    assertThat(busy.headers().firstValue("Retry-After")).hasValue("3");
    assertThat(calls.send("GET", read, "").statusCode()).isEqualTo(429);
    assertThat(SignedCalls.error(calls.send("GET", read, "")))
        .isEqualTo("403 AuthorizationFailure");
    assertThat(calls.send("GET", read, "").body()).isEqualTo("12245678");
    assertThatThrownBy(() -> calls.send("GET", read, "")).isInstanceOf(IOException.class);
    assertThat(calls.send("GET", read, "").body()).isEqualTo("12345678");
    assertThat(test.workspace.calls().matching("GET", path)).hasSize(6);
  }

  @Test
  void aCorruptedByteStaysCorrupted() throws Exception {
    test.workspace.faults().add(CallFault.once("PATCH", "/blobs/*", new Effect.FlippedByte(0)));

    calls.put("x", "1234");

    assertThat(calls.send("GET", calls.url("read", "x"), "").body()).isEqualTo("0234");
  }

  @Test
  void aUrlExpires() throws Exception {
    openAgain(new BlobSettings.Adls("mlflow"), Duration.ofSeconds(1));
    String read = calls.url("read", "x");
    Instant limit = Instant.now().plusSeconds(10);

    HttpResponse<String> answer = calls.send("GET", read, "");
    while (answer.statusCode() == 404 && Instant.now().isBefore(limit)) {
      answer = calls.send("GET", read, "");
    }

    assertThat(SignedCalls.error(answer)).isEqualTo("403 AuthenticationFailed");
  }

  private void fault(String path, Effect effect) {
    test.workspace.faults().add(CallFault.once("GET", path, effect));
  }
}
