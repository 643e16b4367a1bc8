package dev.portage.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.kind.KnownKinds;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeOrder;
import dev.portage.platform.Platform;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secrets;
import dev.portage.temporal.WebUi;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notices to receivers that answer well, badly, late and never. */
class WebhookNoticesTest {

  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String FILE =
      """
      workspaces:
        dev:  { host: "https://adb-1.azuredatabricks.net", token: "env:DEV_TOKEN" }
        prod: { host: "https://adb-2.azuredatabricks.net", token: "env:PROD_TOKEN" }
      identity: claimed
      notify:
        audit: { url: "env:URL", key: "env:KEY" }
        rotated: { url: "env:URL", key: ["env:KEY", "env:OLD_KEY"] }
        team: { url: "env:URL", format: teams }
        chat: { url: "env:URL", format: slack, on: asked, models: "churn*" }
      """;

  private @Nullable String newestRun;
  private final ReceiverServer receiver = new ReceiverServer();
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.of(Map.of(), null));
  private final Map<String, String> environment =
      new HashMap<>(Map.of("URL", receiver.url(), "KEY", KEY, "OLD_KEY", "k".repeat(24)));
  private final WebhookNotices webhooks =
      new WebhookNotices(
          this::platform,
          new Secrets(Path.of("."), environment::get, KeyVault.absent()),
          http,
          new PromotionPages(
              new WebUi(URI.create("https://temporal.example.com/"), "ml"),
              workflow -> Optional.ofNullable(newestRun)),
          Clock.fixed(Notices.AT, ZoneOffset.UTC));

  @AfterEach
  void close() {
    receiver.close();
    http.close();
  }

  @Test
  void anEventIsSignedAndHasItsIdInItsHeaders() {
    webhooks.deliver(new NoticeOrder("audit", Notices.of(NoticeKind.ASKED)));
    ReceiverServer.Got got = receiver.got.getFirst();
    assertThat(got.path()).isEqualTo(ReceiverServer.PATH + "?sig=QuerySecretValue");
    assertThat(got.headers())
        .containsEntry("content-type", "application/cloudevents+json; charset=utf-8")
        .containsEntry("webhook-id", "promotion/churn/0123456789ab/asked")
        .containsEntry("webhook-timestamp", Long.toString(Notices.AT.getEpochSecond()));
    assertThat(got.headers().get("webhook-signature")).matches("v1,[A-Za-z0-9+/]{43}=");
    assertThat(got.body())
        .contains("\"link\":\"https://temporal.example.com/namespaces/ml/workflows/")
        .contains("/0b5c1f0e-run/user-metadata\"");
  }

  @Test
  void theLinkOpensTheRunThatThePromotionIsInNow() {
    newestRun = "7c44d0aa-newer";

    webhooks.deliver(new NoticeOrder("audit", Notices.of(NoticeKind.REMINDED)));

    assertThat(receiver.got.getFirst().body())
        .contains("/7c44d0aa-newer/user-metadata\"")
        .contains("\"run\":\"0b5c1f0e-run\"");
  }

  @Test
  void whileAKeyIsReplacedThereIsASignatureOfEach() {
    webhooks.deliver(new NoticeOrder("rotated", Notices.of(NoticeKind.ASKED)));
    assertThat(receiver.got.getFirst().headers().get("webhook-signature"))
        .matches("v1,\\S{44} v1,\\S{44}");
  }

  @Test
  void aRepeatHasTheSameIdAndBody() {
    receiver.next(503, null, null, "");
    assertThatThrownBy(
            () -> webhooks.deliver(new NoticeOrder("audit", Notices.of(NoticeKind.RELEASED))))
        .isInstanceOf(ApplicationFailure.class);
    webhooks.deliver(new NoticeOrder("audit", Notices.of(NoticeKind.RELEASED)));
    assertThat(receiver.got).hasSize(2);
    assertThat(receiver.got.getFirst().body()).isEqualTo(receiver.got.getLast().body());
    assertThat(receiver.got)
        .extracting(got -> got.headers().get("webhook-id"))
        .containsOnly("promotion/churn/0123456789ab/released");
  }

  @ParameterizedTest
  @CsvSource({
    "408,true",
    "425,true",
    "429,true",
    "500,true",
    "502,true",
    "503,true",
    "504,true",
    "400,false",
    "401,false",
    "403,false",
    "404,false",
    "410,false",
    "413,false"
  })
  void whatMayHelpIsTriedAgainAndNothingElse(int status, boolean retried) {
    receiver.next(status, null, null, "no");
    assertThat(failure().isNonRetryable()).isNotEqualTo(retried);
  }

  @Test
  void aReceiverThatAsksForAPauseGetsIt() {
    receiver.next(429, "Retry-After", "90", "slow down");
    assertThat(failure().getNextRetryDelay()).isEqualTo(Duration.ofSeconds(90));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void noRedirectIsFollowed(int status) {
    try (ReceiverServer elsewhere = new ReceiverServer()) {
      receiver.next(status, "Location", elsewhere.url(), "");
      assertThat(failure().isNonRetryable()).isTrue();
      assertThat(elsewhere.got).isEmpty();
    }
  }

  @Test
  void aServerThatRepeatsTheAddressDoesNotMakeItKnown() {
    receiver.next(
        404,
        null,
        null,
        "Cannot POST " + ReceiverServer.PATH + "?sig=QuerySecretValue (token XyzSecretToken)");
    ApplicationFailure failure = failure();
    assertThat(failure.getOriginalMessage())
        .contains("404")
        .contains("create it again")
        .doesNotContain("SECRET1", "SECRET2", "XyzSecretToken", "QuerySecretValue", KEY);
    assertThat(failure.getDetails().get(Problem.class).toString())
        .doesNotContain("SECRET1", "XyzSecretToken", "QuerySecretValue");
  }

  @Test
  void aReceiverThatIsNotThereIsTriedAgainWithoutMakingItsAddressKnown() {
    receiver.close();
    ApplicationFailure failure = failure();
    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(failure.getOriginalMessage())
        .contains("no connection to http://127.0.0.1")
        .doesNotContain("SECRET", "Secret");
  }

  @Test
  void aReceiverThatAcceptsAndNeverEndsItsResponseHasTheNotice() {
    receiver.next(exchange -> {
      exchange.sendResponseHeaders(202, 1_000);
      exchange.getResponseBody().write('.');
      exchange.getResponseBody().flush();
      receiver.awaitClose();
    });
    assertThat(webhooks.deliver(new NoticeOrder("audit", Notices.of(NoticeKind.ASKED))))
        .isEqualTo("status 202");
  }

  @Test
  void aReceiverThatIsGoneIsNotRetriedThoughItsResponseNeverEnds() {
    receiver.next(exchange -> {
      exchange.sendResponseHeaders(410, 1_000);
      exchange.getResponseBody().write('.');
      exchange.getResponseBody().flush();
      receiver.awaitClose();
    });
    assertThat(failure().isNonRetryable()).isTrue();
  }

  @Test
  void aReceiverThatBreaksOffIsTriedAgain() {
    receiver.next(exchange -> exchange.close());
    assertThat(failure().isNonRetryable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.example.com/x",
        "https://user:pw@hooks.example.com/x",
        "https://hooks.example.com/x#part",
        "ftp://hooks.example.com/x",
        "hooks.example.com/x",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/x",
        "https://[fe90::1]/x",
        "https://[::ffff:169.254.169.254]/x"
      })
  void anAddressThatGivesItselfAwayIsRefusedAndNotRepeated(String url) {
    environment.put("URL", url);
    assertThat(failure().getOriginalMessage())
        .contains("env:URL", "https URL")
        .doesNotContain(url, "pw@");
  }

  @Test
  void aMissingSecretIsRetriedSinceAnotherWorkerMayHaveIt() {
    environment.remove("KEY");
    ApplicationFailure failure = failure();
    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(failure.getOriginalMessage()).contains("KEY is not set");
  }

  @Test
  void aKeyThatCanBeGuessedIsRefused() {
    environment.put("KEY", "short");
    assertThat(failure().getOriginalMessage())
        .contains("env:KEY", "24 bytes")
        .doesNotContain("\"short\"");
  }

  @Test
  void aReceiverThatIsNotInTheFileAnyMoreIsNotTold() {
    assertThatThrownBy(
            () -> webhooks.deliver(new NoticeOrder("former", Notices.of(NoticeKind.ASKED))))
        .hasMessageContaining("no receiver of that name");
  }

  private ApplicationFailure failure() {
    return catchThrowableOfType(
        ApplicationFailure.class,
        () -> webhooks.deliver(new NoticeOrder("audit", Notices.of(NoticeKind.ASKED))));
  }

  private Platform platform() {
    return switch (Platform.read("portage.yaml", FILE, KnownKinds.all())) {
      case Reading.Good<Platform>(Platform good) -> good;
      case Reading.Wrong<Platform> wrong -> throw new AssertionError(wrong.toString());
    };
  }
}
