package dev.portage.store.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Failures;
import dev.portage.store.ArtifactStore;
import io.temporal.failure.ApplicationFailure;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may fail, or be attacked, between Portage and a store behind signed URLs. */
class SignedStoreTest extends SignedWorld {
  private static final String LONG = "0123456789".repeat(1000);

  @BeforeEach
  void aFile() {
    blobs.files.put(RUN + "/model/model.pkl", bytes(LONG));
  }

  @Test
  void aBrokenDownloadIsResumedEvenIfTheUrlHasExpired() {
    ArtifactStore folder = folder();
    AtomicInteger asked = new AtomicInteger();
    blobs.before =
        request -> {
          if (asked.incrementAndGet() > 1) {
            return null;
          }
          blobs.expire();
          return brokenOff(request.getHeaders().get("Range") == null ? 200 : 206, null);
        };

    assertThat(folder.<String>read("model.pkl", patient())).isEqualTo(LONG);
    asked.set(0);
    assertThat(folder.<String>read("model.pkl", 0, 10_000, patient())).isEqualTo(LONG);

    assertThat(blobs.requests.getLast().getHeaders().get("Range")).isEqualTo("bytes=4000-9999");
  }

  @Test
  void piecesOfAFileThatChangedAreNotJoined() {
    AtomicInteger asked = new AtomicInteger();
    blobs.before = _ -> asked.incrementAndGet() == 1 ? brokenOff(200, "\"another\"") : null;

    assertThatThrownBy(() -> text(folder(), "model.pkl"))
        .hasMessageContaining("it changed while it was read");
  }

  @Test
  void aStoreThatNeverSendsAByteIsGivenUp() {
    AtomicInteger asked = new AtomicInteger();
    blobs.before =
        _ -> {
          asked.incrementAndGet();
          return new MockResponse.Builder()
              .setHeader("Content-Length", 10_000)
              .onResponseEnd(new SocketEffect.CloseSocket())
              .build();
        };

    assertThatThrownBy(() -> folder().<String>read("model.pkl", patient()))
        .isInstanceOf(ApplicationFailure.class);

    assertThat(asked).as("the first, one at once, and the reader's three").hasValue(5);
  }

  @Test
  void onlyTheReaderRetriesDownloadsWithoutBytes() {
    AtomicInteger asked = new AtomicInteger();
    blobs.before =
        _ ->
            asked.incrementAndGet() == 1
                ? brokenOff(200, null)
                : new MockResponse.Builder().code(503).build();

    assertThatThrownBy(() -> text(folder(), "model.pkl")).hasMessageContaining("503");
    assertThat(asked).hasValue(2);
    asked.set(0);
    assertThatThrownBy(() -> folder().<String>read("model.pkl", patient()))
        .hasMessageContaining("503");
    assertThat(asked).hasValue(5);
  }

  /** The first 4,000 bytes, although all are announced. */
  private static MockResponse brokenOff(int status, @Nullable String tag) {
    MockResponse.Builder answer =
        new MockResponse.Builder()
            .code(status)
            .body(new Buffer().writeUtf8(LONG.substring(0, 4000)))
            .setHeader("Content-Length", 10_000)
            .onResponseEnd(new SocketEffect.CloseSocket());
    if (status == 206) {
      answer.setHeader("Content-Range", "bytes 0-9999/10000");
    }
    return (tag == null ? answer : answer.setHeader("ETag", tag)).build();
  }

  @Test
  void redirectsToAnotherHostAreNotFollowed() {
    try (FakeBlobs other = new FakeBlobs()) {
      blobs.before =
          _ ->
              new MockResponse.Builder()
                  .code(307)
                  .addHeader("Location", other.sign("stolen").toString())
                  .build();

      assertThatThrownBy(() -> text(folder(), "model.pkl"))
          .hasMessageContaining("307")
          .message()
          .doesNotContain(FakeBlobs.SIGNATURE);
      assertThatThrownBy(() -> write(folder(), "model.pkl", "x")).hasMessageContaining("307");

      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void bytesOutsideTheRequestedRangeAreNotAccepted() {
    blobs.before =
        request ->
            request.getHeaders().get("Range") == null
                ? new MockResponse.Builder().addHeader("Content-Encoding", "gzip").body("x").build()
                : new MockResponse.Builder()
                    .code(206)
                    .addHeader("Content-Range", "bytes 5-9/10000")
                    .body("56789")
                    .build();

    assertThatThrownBy(() -> text(folder(), "model.pkl"))
        .hasMessageContaining("content encoding gzip");
    assertThatThrownBy(() -> folder().<String>read("model.pkl", 0, 5, SignedWorld::all))
        .hasMessageContaining("the response has other bytes than requested: range bytes 5-9/10000");
    blobs.before = _ -> new MockResponse.Builder().body(LONG).build();
    assertThatThrownBy(() -> folder().<String>read("model.pkl", 0, 5, SignedWorld::all))
        .hasMessageContaining("the response has other bytes than requested: status 200");
    blobs.before =
        _ ->
            new MockResponse.Builder()
                .code(206)
                .addHeader("Content-Range", "bytes 0-4/10000")
                .body("01234567")
                .build();
    assertThatThrownBy(() -> folder().<String>read("model.pkl", 0, 5, SignedWorld::all))
        .hasMessageContaining("more than the range");
  }

  @Test
  void aMissingFileAndARangeBeyondTheEndAreReportedByStatus() {
    ArtifactStore folder = folder();

    ApplicationFailure absent =
        catchThrowableOfType(ApplicationFailure.class, () -> text(folder, "absent"));
    ApplicationFailure behind =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> folder.<String>read("model.pkl", 20_000, 5, SignedWorld::all));

    assertThat(Failures.statusOf(absent)).isEqualTo(404);
    assertThat(Failures.statusOf(behind)).isEqualTo(416);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model/x",
        "model/../x",
        "model//x",
        "model/a#b",
        "model/a%2fb",
        "model/a\\b",
        "other/x",
        "/model/x",
        "model/sub/x",
        "model/line\nbreak"
      })
  void namesThatCouldBeMisreadEndTheListing(String path) {
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    page.withArray("files").addObject().put("path", path).put("is_dir", false);
    listing(page);

    assertThatThrownBy(() -> folder().list()).isInstanceOf(ApplicationFailure.class);
  }

  @Test
  void aCircularListingIsEnded() {
    ObjectNode page = JsonNodeFactory.instance.objectNode().put("next_page_token", "again");
    listing(page);

    assertThatThrownBy(() -> folder().list()).hasMessageContaining("with a cycle");
  }

  @Test
  void anEndlessListingOfEmptyPagesIsEnded() {
    AtomicInteger pages = new AtomicInteger();
    mlflow.before =
        request ->
            request.getTarget().contains("artifacts/list")
                ? FakeSigning.json(
                    200,
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("next_page_token", "t" + pages.incrementAndGet()))
                : signing.answer(request);

    assertThatThrownBy(() -> folder().list()).hasMessageContaining("more than");
  }

  @Test
  void endlessPagesOfGrantsAreEnded() {
    mlflow.before =
        request ->
            request.getTarget().contains("credentials-for-read")
                ? FakeSigning.json(
                    200, JsonNodeFactory.instance.objectNode().put("next_page_token", "t"))
                : signing.answer(request);

    assertThatThrownBy(() -> text(folder(), "model.pkl")).hasMessageContaining("never ends");
  }

  private void listing(ObjectNode page) {
    mlflow.before =
        request ->
            request.getTarget().contains("artifacts/list")
                ? FakeSigning.json(200, page)
                : signing.answer(request);
  }
}
