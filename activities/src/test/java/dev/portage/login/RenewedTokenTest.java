package dev.portage.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that takes only the tokens of the day, and an issuer that gives new ones. */
class RenewedTokenTest {
  private static final Attempt ATTEMPT = new Attempt("create a run", "workspace dev");
  private static final Duration LIFE = Duration.ofHours(1);

  @StartStop private final MockWebServer server = new MockWebServer();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final ErrorTable errors = ErrorTable.builder().build();
  private final FakeClock clock = new FakeClock();
  private final AtomicInteger issued = new AtomicInteger();
  private final Set<String> accepted = new HashSet<>();
  private final List<String> bodies = new ArrayList<>();
  private MockResponse refusal = new MockResponse.Builder().code(401).build();
  private Supplier<AccessToken> issuer = this::next;
  private final RenewedToken credential = new RenewedToken("client-id x", source(), clock);

  @BeforeEach
  void takeOnlyTokensOfTheDay() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            bodies.add(request.getBody() == null ? "" : request.getBody().utf8());
            return accepted.contains(String.valueOf(request.getHeaders().get("Authorization")))
                ? new MockResponse.Builder().body("{}").build()
                : refusal;
          }
        });
  }

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void oneTokenServesManyRequestsUntilShortlyBeforeItsEnd() {
    assertThat(credential.authorization()).isEqualTo("Bearer token-1");
    clock.pass(Duration.ofMinutes(54));
    assertThat(credential.authorization()).isEqualTo("Bearer token-1");
    clock.pass(Duration.ofMinutes(2));
    assertThat(credential.authorization()).isEqualTo("Bearer token-2");
  }

  @Test
  @Tag("S1.20")
  void aTokenThatWasRevokedDuringAStepIsRenewedAndTheRequestRepeatedOnce() {
    accepted.add("Bearer token-2");
    credential.authorization();
    clock.pass(Duration.ofMinutes(10));

    assertThat(http.ask(ATTEMPT, errors, post("{\"a\": 1}")).isSuccess()).isTrue();

    assertThat(bodies).as("the whole body again").containsExactly("{\"a\": 1}", "{\"a\": 1}");
    assertThat(http.ask(ATTEMPT, errors, post("{}")).isSuccess()).isTrue();
    assertThat(server.getRequestCount()).as("the next one needs no renewal").isEqualTo(3);
  }

  @Test
  @Tag("S1.20")
  void databricksSaysInWordsThatATokenHasExpired() {
    accepted.add("Bearer token-2");
    refusal =
        new MockResponse.Builder()
            .code(403)
            .body("{\"error_code\": 403, \"message\": \"Invalid access token. [ReqId: 1]\"}")
            .build();
    credential.authorization();
    clock.pass(Duration.ofMinutes(10));

    assertThat(http.ask(ATTEMPT, errors, post("{}")).isSuccess()).isTrue();
  }

  @Test
  void aMissingPermissionRenewsNothing() {
    refusal =
        new MockResponse.Builder()
            .code(403)
            .body("{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"not yours\"}")
            .build();
    credential.authorization();
    clock.pass(Duration.ofMinutes(10));

    assertThat(http.ask(ATTEMPT, errors, post("{}")).status()).isEqualTo(403);
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(issued.get()).isEqualTo(1);
  }

  @Test
  @Tag("S1.19")
  void aTokenThatWasJustIssuedIsRefusedForGoodAndNotRequestedAgainAndAgain() {
    assertThat(http.ask(ATTEMPT, errors, post("{}")).status()).isEqualTo(401);
    assertThat(http.ask(ATTEMPT, errors, post("{}")).status()).isEqualTo(401);

    assertThat(issued.get()).isEqualTo(1);
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  @Tag("S1.20")
  void aBodyThatCantBeSentAgainIsAFailureThatIsRetriedWithTheNewToken() {
    accepted.add("Bearer token-2");
    credential.authorization();
    clock.pass(Duration.ofMinutes(10));
    RequestBody once =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.get("application/octet-stream");
          }

          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("bytes");
          }
        };

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> http.send(ATTEMPT, errors, request().put(once).build()));

    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(failure).hasMessageContaining("the login had expired and was renewed");
    assertThat(http.send(ATTEMPT, errors, request().put(once).build()).isSuccess()).isTrue();
  }

  @Test
  void anIssuerThatDoesNotAnswerHoldsNobodyUpWhileTheTokenLasts() {
    credential.authorization();
    issuer =
        () -> {
          throw silent();
        };
    clock.pass(Duration.ofMinutes(57));
    assertThat(credential.authorization()).isEqualTo("Bearer token-1");
    clock.pass(Duration.ofMinutes(4));
    assertThatThrownBy(credential::authorization).hasMessageContaining("no answer");
  }

  @Test
  void whileTheTokenLastsAnIssuerThatDoesNotAnswerIsAskedByOneAndNotAgainAtOnce() {
    credential.authorization();
    AtomicInteger asked = new AtomicInteger();
    issuer =
        () -> {
          asked.incrementAndGet();
          // Others come while it is silent.
          try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(other.submit(credential::authorization).get(10, TimeUnit.SECONDS))
                .isEqualTo("Bearer token-1");
          } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
          }
          throw silent();
        };
    clock.pass(Duration.ofMinutes(56));

    assertThat(credential.authorization()).isEqualTo("Bearer token-1");
    assertThat(credential.authorization()).isEqualTo("Bearer token-1");
    assertThat(asked).hasValue(1);

    clock.pass(Duration.ofMinutes(1));
    credential.authorization();
    assertThat(asked).as("after a pause, again").hasValue(2);
  }

  @Test
  void whoWaitsForAnIssuerThatDoesNotAnswerSharesTheFailure() throws Exception {
    int many = 50;
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch silence = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    issuer =
        () -> {
          asked.incrementAndGet();
          begun.countDown();
          try {
            assertThat(silence.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          throw silent();
        };
    List<Thread> waiting = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < many; i++) {
      waiting.add(
          Thread.ofPlatform().start(() -> failures.add(catchThrowable(credential::authorization))));
    }
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    // At the lock, but for the one that asks.
    Set<Thread.State> waits = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    while (!waiting.stream().map(Thread::getState).allMatch(waits::contains)) {
      Thread.onSpinWait();
    }
    silence.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }

    assertThat(failures).hasSize(many).allMatch(failure -> failure instanceof ApplicationFailure);
    assertThat(asked).hasValue(1);
    assertThatThrownBy(credential::authorization).isInstanceOf(ApplicationFailure.class);
    assertThat(asked).as("who comes later asks again").hasValue(2);
  }

  private static ApplicationFailure silent() {
    return Failures.of(
        Problem.of(FailureKind.PLATFORM, "log in", "Entra", "no answer", "Retried."));
  }

  @Test
  void manyWhoNeedATokenAtOnceRequestOne() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(threads.submit(credential::authorization));
      }
      for (Future<String> one : all) {
        assertThat(one.get()).isEqualTo("Bearer token-1");
      }
    }
    assertThat(issued.get()).isEqualTo(1);
  }

  @Test
  @Tag("S0.16")
  void aServerThatRepeatsATokenInItsErrorShowsItToNobody() {
    refusal =
        new MockResponse.Builder()
            .code(400)
            .body("{\"message\": \"got token-1, token-2\"}")
            .build();
    credential.authorization();
    clock.pass(Duration.ofMinutes(56));
    Request request = post("{}");

    ApplicationFailure failure =
        errors.failure(ATTEMPT, request, http.ask(ATTEMPT, errors, request));

    assertThat(failure.toString() + failure.getDetails().get(Problem.class))
        .contains("got")
        .doesNotContain("token-1")
        .doesNotContain("token-2");
    assertThat(credential.toString()).doesNotContain("token-");
  }

  private Request post(String body) {
    return request().post(RequestBody.create(body, MediaType.get("application/json"))).build();
  }

  private Request.Builder request() {
    return credential.sign(new Request.Builder().url(server.url("/runs/create")));
  }

  private AccessToken next() {
    return new AccessToken("token-" + issued.incrementAndGet(), clock.instant().plus(LIFE));
  }

  private TokenSource source() {
    return new TokenSource() {
      @Override
      public AccessToken issue() {
        return issuer.get();
      }

      @Override
      public String lastingSecret() {
        return "secret";
      }

      @Override
      public void read() {}

      @Override
      public String remedy() {
        return "Do something.";
      }
    };
  }
}
