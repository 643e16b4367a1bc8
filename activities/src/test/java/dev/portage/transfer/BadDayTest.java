package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that fail one call in twenty, each in its own way. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BadDayTest {
  private static final int FILES = 400;

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  private final AtomicInteger failed = new AtomicInteger();
  private final Map<String, String> files = new TreeMap<>(Map.of("MLmodel", "run_id: of dev\n"));
  private final ModelLocation model = model();

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @Test
  void failuresOfOneCallInTwentyStopNeitherTheManifestNorTheCopy() {
    disturb(dev, 11);
    disturb(prod, 12);
    Transfer transfer = transfer(Duration.ofMinutes(1));

    ManifestRef manifest = transfer.makeManifest(new ManifestOrder(model, "promotion/churn/abc"));
    CopyResult result = transfer.copy(order(manifest));

    assertThat(failed.get()).as("calls that failed").isGreaterThan(50);
    assertThat(result.digest()).isEqualTo(manifest.digest());
    assertThat(result.files()).isEqualTo(FILES + 1);
    assertThat(TwoWorkspaces.filesAt(prod, result.model())).isEqualTo(files);
    assertThat(TwoWorkspaces.activeRuns(prod)).hasSize(1);
  }

  @Test
  void aRunCreatedAfterALostResponseMayGetADuplicate() {
    ManifestRef manifest =
        transfer(Duration.ZERO).makeManifest(new ManifestOrder(model, "promotion/churn/abc"));
    AtomicInteger creations = new AtomicInteger();
    prod.before =
        request ->
            request.getTarget().contains("/runs/create") && creations.getAndIncrement() == 0
                ? new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build()
                : null;

    transfer(Duration.ofMinutes(1)).copy(order(manifest));

    assertThat(creations).hasValue(2);
    assertThat(prod.runs().getFirst().path("data").path("tags").toString())
        .contains("portage_twin_until");
  }

  @Test
  void aServerThatLetsNothingThroughIsGivenUpAfterTheTimeout() {
    ManifestRef manifest =
        transfer(Duration.ZERO).makeManifest(new ManifestOrder(model, "promotion/churn/abc"));
    prod.before = _ -> new MockResponse.Builder().code(500).build();
    long began = System.nanoTime();

    ApplicationFailure given =
        catchThrowableOfType(
            ApplicationFailure.class, () -> transfer(Duration.ofMillis(300)).copy(order(manifest)));

    assertThat(given.isNonRetryable()).as("Temporal tries it again").isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(20));
  }

  @Test
  void timeWithoutProgressCountsAndNotTheNumberOfFailures() {
    AtomicLong now = new AtomicLong();
    RetryTimeout retry = new RetryTimeout(Duration.ofSeconds(60), now::get);
    RetryTimeout.Streak streak = retry.streak();
    ApplicationFailure failure = busy();

    for (int i = 0; i < 1000; i++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      streak.failed(failure);
      retry.progress(); // The rest succeed.
    }
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    streak.failed(failure);
    now.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> streak.failed(failure)))
        .isEqualTo(failure);
  }

  @Test
  void noCallIsRetriedBeforeRetryAfter() {
    RetryTimeout.Streak streak = new RetryTimeout(Duration.ofSeconds(60)).streak();

    streak.failed(busy());
    assertThat(streak.pauseBefore()).as("nothing was asked for").isZero();
    streak.failed(busy(Duration.ofSeconds(7)));
    assertThat(streak.pauseBefore()).isEqualTo(Duration.ofSeconds(7));
    streak.failed(busy());
    assertThat(streak.pauseBefore()).isEqualTo(Duration.ofMillis(400));
  }

  private static ApplicationFailure busy() {
    return busy(null);
  }

  private static ApplicationFailure busy(@Nullable Duration retryAfter) {
    return Failures.of(
        Problem.of(FailureKind.PLATFORM, "look", "prod", "503: busy", "Later."), retryAfter);
  }

  private Transfer transfer(Duration timeout) {
    return new Transfer(
        FakeServers.of(dev, prod),
        ArtifactStores.standard(),
        () -> _ -> {},
        Duration.ofSeconds(1),
        8,
        timeout,
        Clock.systemUTC());
  }

  private CopyOrder order(ManifestRef manifest) {
    return new CopyOrder(
        new Candidate(model, "churn", "1", "abc", manifest),
        model,
        "prod",
        "/portage/churn",
        "copy-key",
        Map.of());
  }

  private ModelLocation model() {
    for (int i = 0; i < FILES; i++) {
      files.put("data/%03d.txt".formatted(i), "the bytes of file " + i + " ".repeat(i));
    }
    ObjectNode run = dev.addRun("/churn", "train", Map.of());
    dev.addFolder(run, "model", files);
    String id = FakeMlflow.idOf(run);
    return new ModelLocation(
        "dev",
        "1",
        id,
        null,
        "model",
        "runs:/" + id + "/model",
        "mlflow-artifacts:/1/" + id + "/artifacts/model");
  }

  /** In turn: busy, broken, cut off at the start or in the middle, response lost, too short. */
  private void disturb(FakeMlflow server, long seed) {
    Random chance = new Random(seed);
    AtomicInteger turn = new AtomicInteger();
    server.before =
        request -> {
          synchronized (chance) {
            if (chance.nextInt(20) != 0) {
              return null;
            }
          }
          failed.incrementAndGet();
          return trouble(server, request, turn.getAndIncrement() % 6);
        };
  }

  private static @Nullable MockResponse trouble(
      FakeMlflow server, RecordedRequest request, int kind) {
    return switch (kind) {
      case 0 -> new MockResponse.Builder().code(503).build();
      case 1 -> new MockResponse.Builder().code(500).body("<html>bad gateway</html>").build();
      case 2 -> new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
      case 3 -> {
        server.effect(request);
        yield new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
      }
      case 4 ->
          server
              .effect(request)
              .newBuilder()
              .onResponseBody(new SocketEffect.CloseSocket())
              .build();
      default -> isFile(request) ? tooShort(server, request) : null;
    };
  }

  private static boolean isFile(RecordedRequest request) {
    return "GET".equals(request.getMethod()) && request.getTarget().contains("/data/");
  }

  /** Claims to be complete, but isn't. */
  private static MockResponse tooShort(FakeMlflow server, RecordedRequest request) {
    Buffer body = new Buffer();
    try {
      Objects.requireNonNull(server.effect(request).getBody()).writeTo(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String all = body.readString(StandardCharsets.UTF_8);
    return new MockResponse.Builder().body(all.substring(0, all.length() / 2)).build();
  }
}
