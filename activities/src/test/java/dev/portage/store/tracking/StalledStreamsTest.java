package dev.portage.store.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.Failures;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.http.StreamLimits;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import okhttp3.Request;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that go silent, trickle, or never answer, with limits short enough for a test. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class StalledStreamsTest {
  private static final StreamLimits LIMITS =
      new StreamLimits(Duration.ofMillis(400), Duration.ofMillis(1200), 4 * 1024);

  private static final byte[] FILE = bytes(256 * 1024);

  @StartStop private final MockWebServer http = new MockWebServer();

  @AutoClose
  private final OutboundHttp client = OutboundHttp.open(NetworkSettings.direct(), LIMITS);

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** The fault for a call, by its number from 1; null for none. */
  private volatile Function<Integer, @Nullable Trouble> trouble = _ -> null;

  private volatile boolean ranges = true;

  /** Changes an answer. */
  private interface Trouble {
    MockResponse.Builder on(MockResponse.Builder answer);
  }

  @Test
  void aStalledDownloadIsResumedWhereItStopped() {
    ArtifactStore store = store();
    trouble = call -> call == 1 ? answer -> answer.onResponseBody(stall()) : null;

    assertThat(store.<byte[]>read("weights.bin", StalledStreamsTest::all)).isEqualTo(FILE);

    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst()).isEqualTo("GET whole");
    assertThat(from(asked.getLast())).as("not from the start").isPositive();
  }

  @Test
  void aStalledRangeIsResumedWhereItStopped() {
    ArtifactStore store = store();
    trouble = call -> call == 1 ? answer -> answer.onResponseBody(stall()) : null;

    byte[] some = store.read("weights.bin", 1000, 200_000, StalledStreamsTest::all);

    assertThat(some).isEqualTo(Arrays.copyOfRange(FILE, 1000, 201_000));
    assertThat(asked.getFirst()).isEqualTo("GET bytes=1000-200999");
    assertThat(from(asked.getLast())).isGreaterThan(1000);
  }

  @Test
  void aResponseThatNeverComesIsGivenUpAndRetried() {
    ArtifactStore store = store();
    trouble = call -> call == 1 ? answer -> answer.onResponseStart(stall()) : null;

    ApplicationFailure none =
        catchThrowableOfType(
            ApplicationFailure.class, () -> store.read("weights.bin", StalledStreamsTest::all));

    assertThat(none.getOriginalMessage()).contains("no response").contains("in time");
    assertThat(none.isNonRetryable()).isFalse();
    assertThat(store.<byte[]>read("weights.bin", StalledStreamsTest::all)).isEqualTo(FILE);
  }

  @Test
  void aTricklingDownloadIsResumedWhereItStopped() {
    ArtifactStore store = store();
    trouble =
        call -> call == 1 ? answer -> answer.throttleBody(64, 50, TimeUnit.MILLISECONDS) : null;

    assertThat(store.<byte[]>read("weights.bin", StalledStreamsTest::all)).isEqualTo(FILE);

    assertThat(asked).hasSize(2);
    assertThat(from(asked.getLast())).isPositive();
  }

  @Test
  void aStoreWithoutRangesIsGivenUpInTime() {
    ranges = false;
    ArtifactStore store = store();
    trouble = call -> call == 1 ? answer -> answer.onResponseBody(stall()) : null;

    ApplicationFailure silent =
        catchThrowableOfType(
            ApplicationFailure.class, () -> store.read("weights.bin", StalledStreamsTest::all));

    assertThat(silent.isNonRetryable()).isFalse();
    assertThat(Failures.statusOf(silent)).isNull();
    assertThat(asked).hasSize(1);
  }

  @Test
  void emptyDownloadsAreNotRetriedForEver() {
    ArtifactStore store = store();
    trouble =
        call ->
            call == 1
                ? answer -> answer.onResponseBody(stall())
                : answer -> answer.onResponseStart(stall());

    ApplicationFailure silent =
        catchThrowableOfType(
            ApplicationFailure.class, () -> store.read("weights.bin", StalledStreamsTest::all));

    assertThat(silent.isNonRetryable()).isFalse();
    assertThat(asked).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void aSlowReaderDoesNotMakeItsSourceLookSlow() {
    ArtifactStore store = store();

    byte[] read =
        store.read(
            "weights.bin",
            stream -> {
              byte[] first = new byte[1];
              stream.read(first);
              pause(LIMITS.silence().multipliedBy(2));
              byte[] rest = all(stream);
              assertThat(first[0]).isEqualTo(FILE[0]);
              return rest;
            });

    assertThat(read).hasSize(FILE.length - 1);
    assertThat(asked).hasSize(1);
  }

  @Test
  void anUploadWithoutAResponseIsGivenUp() {
    ArtifactStore store = store();
    trouble = call -> call == 1 ? answer -> answer.onResponseStart(stall()) : null;

    ApplicationFailure none =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> store.write("weights.bin", FILE.length, ArtifactSink.Body.of(FILE)));

    assertThat(none.getOriginalMessage()).contains("no response").contains("in time");
    assertThat(none.isNonRetryable()).isFalse();
    store.write("weights.bin", FILE.length, ArtifactSink.Body.of(FILE));
  }

  @Test
  void anUploadThatNobodyReadsIsGivenUp() throws IOException {
    byte[] large = new byte[32 << 20];
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ArtifactStore store = at("http://127.0.0.1:" + deaf.getLocalPort() + "/");

      ApplicationFailure none =
          catchThrowableOfType(
              ApplicationFailure.class,
              () -> store.write("weights.bin", large.length, ArtifactSink.Body.of(large)));

      assertThat(none.isNonRetryable()).isFalse();
      assertThat(none.getOriginalMessage()).contains("in time");
    }
  }

  @Test
  void aStalledHandshakeIsGivenUpEvenIfTheFirstByteMayTakeLong() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        OutboundHttp patient =
            OutboundHttp.open(
                NetworkSettings.direct(),
                new StreamLimits(Duration.ofMillis(400), Duration.ofMinutes(5), 1))) {
      Request request =
          new Request.Builder()
              .url("https://127.0.0.1:" + deaf.getLocalPort() + "/model")
              .tag(OutboundHttp.FirstByte.class, new OutboundHttp.FirstByte(Duration.ofMinutes(5)))
              .build();

      ApplicationFailure none =
          catchThrowableOfType(
              ApplicationFailure.class,
              () ->
                  patient.send(new Attempt("read", "dev"), ErrorTable.builder().build(), request));

      assertThat(none.isNonRetryable()).isFalse();
    }
  }

  @Test
  void aServerThatWorksOnALargeFileMayTakeLongerForTheFirstByte() {
    assertThat(StreamLimits.STANDARD.firstByte(0)).isEqualTo(Duration.ofSeconds(30));
    assertThat(StreamLimits.STANDARD.firstByte(64L << 20)).isEqualTo(Duration.ofSeconds(46));
    assertThat(StreamLimits.STANDARD.firstByte(1L << 40)).isEqualTo(Duration.ofMinutes(5));
  }

  /** A folder of an MLflow server from which one byte was already read. */
  private ArtifactStore store() {
    http.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    ArtifactStore store = at(http.url("/").toString());
    Function<Integer, @Nullable Trouble> later = trouble;
    trouble = _ -> null;
    store.probeReads("weights.bin");
    trouble = later;
    asked.clear();
    return store;
  }

  private ArtifactStore at(String address) {
    URI uri = URI.create(address);
    MlflowServer server =
        new MlflowServer(client, uri, () -> null, "dev", MlflowPages.ofMlflow(uri));
    return ArtifactStores.standard().at(server, "mlflow-artifacts:/1/model");
  }

  private MockResponse answer(RecordedRequest request) {
    if (!request.getTarget().contains("/mlflow-artifacts/artifacts/")) {
      return new MockResponse.Builder().code(404).build();
    }
    String range = request.getHeaders().get("Range");
    asked.add(request.getMethod() + " " + (range == null ? "whole" : range));
    Trouble now = trouble.apply(asked.size());
    MockResponse.Builder answer = new MockResponse.Builder();
    if ("GET".equals(request.getMethod())) {
      if (range == null || !ranges) {
        answer.body(new Buffer().write(FILE));
      } else {
        int first = (int) from(range);
        int last = Integer.parseInt(range.substring(range.indexOf('-') + 1));
        answer
            .code(206)
            .addHeader("Content-Range", "bytes " + first + "-" + last + "/" + FILE.length)
            .body(new Buffer().write(FILE, first, last - first + 1));
      }
    }
    return (now == null ? answer : now.on(answer)).build();
  }

  private static SocketEffect stall() {
    return SocketEffect.Stall.INSTANCE;
  }

  private static long from(String range) {
    return Long.parseLong(range.replaceAll(".*bytes=(\\d+)-.*", "$1"));
  }

  private static byte[] all(ArtifactSource.Stream stream) {
    Buffer all = new Buffer();
    byte[] buffer = new byte[8 * 1024];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      all.write(buffer, 0, read);
    }
    return all.readByteArray();
  }

  private static byte[] bytes(int number) {
    byte[] bytes = new byte[number];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
