package dev.portage.webhook;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import dev.portage.notice.Notice;
import dev.portage.notice.NoticeActivities;
import dev.portage.notice.NoticeOrder;
import dev.portage.platform.Platform;
import dev.portage.platform.PlatformSource;
import dev.portage.platform.Receiver;
import dev.portage.secrets.Secret;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Delivers notices by webhook. Address and keys are read at each attempt, so that what was
 * corrected or replaced counts at once; no redirect is followed, so that neither message nor
 * signature reaches anybody else.
 */
public final class WebhookNotices implements NoticeActivities {

  /** Of what a receiver answers; more is neither read nor of use. */
  private static final long ANSWER_BYTES = 4_096;

  /** Of what a receiver answers, in a message. */
  private static final int SAID = 300;

  private final PlatformSource platform;
  private final Secrets secrets;
  private final OkHttpClient client;
  private final PromotionPages pages;
  private final Clock clock;
  private final ErrorTable errors;

  /** Sends by this way out, with links to these pages. */
  public WebhookNotices(
      PlatformSource platform, Secrets secrets, OutboundHttp http, PromotionPages pages) {
    this(platform, secrets, http, pages, Clock.systemUTC());
  }

  WebhookNotices(
      PlatformSource platform,
      Secrets secrets,
      OutboundHttp http,
      PromotionPages pages,
      Clock clock) {
    this.platform = platform;
    this.secrets = secrets;
    this.client = http.rest().newBuilder().dns(new NoLinkLocal()).build();
    this.pages = pages;
    this.clock = clock;
    this.errors =
        ErrorTable.builder()
            .status(
                401,
                FailureKind.USER,
                "The receiver refuses the signature or the address: check its url and key.")
            .status(
                403,
                FailureKind.USER,
                "The receiver refuses: check its address, and what it allows.")
            .status(
                404,
                FailureKind.USER,
                "The webhook no longer exists: create it again and replace the secret behind url.")
            .status(
                410,
                FailureKind.USER,
                "The webhook was removed: create it again and replace the secret behind url.")
            .clock(clock)
            .build();
  }

  @Override
  public String deliver(NoticeOrder order) {
    Platform now = platform.platform();
    Receiver receiver =
        now.receiver(order.receiver()).orElseThrow(() -> gone(order.receiver(), now.fileName()));
    Attempt attempt =
        new Attempt(
            "notify " + receiver.name() + " (" + order.notice().kind().word() + ")",
            "receiver " + receiver.name());
    WebhookAddress address = address(receiver, attempt);
    return send(attempt, address, request(receiver, order.notice(), address, attempt));
  }

  private Request request(
      Receiver receiver, Notice notice, WebhookAddress address, Attempt attempt) {
    Body body = body(receiver, notice);
    Instant at = clock.instant();
    Request.Builder request =
        new Request.Builder()
            .url(address.url())
            .header(Signature.ID, notice.id())
            .header(Signature.TIMESTAMP, Long.toString(at.getEpochSecond()))
            .post(RequestBody.create(body.bytes(), MediaType.get(body.contentType())));
    List<Secret> keys = receiver.keys().stream().map(key -> key(key, attempt)).toList();
    if (!keys.isEmpty()) {
      request.header(Signature.SIGNATURE, Signature.of(notice.id(), at, body.bytes(), keys));
    }
    return request.build();
  }

  private Body body(Receiver receiver, Notice notice) {
    URI link = pages.of(notice).orElse(null);
    return switch (receiver.format()) {
      case CLOUDEVENTS -> CloudEvent.of(notice, pages.path(notice), link);
      case TEAMS -> TeamsCard.of(Message.of(notice, link));
      case SLACK -> SlackBlocks.of(Message.of(notice, link));
    };
  }

  /** Empty if it does not come: the status alone says whether to retry. */
  private static String text(Response response) {
    try {
      return response.peekBody(ANSWER_BYTES).string();
    } catch (IOException unread) {
      return "";
    }
  }

  private String send(Attempt attempt, WebhookAddress address, Request request) {
    try (Response response = client.newCall(request).execute()) {
      if (response.isSuccessful()) {
        // Its body is not waited for: the receiver has the notice.
        return "status " + response.code();
      }
      HttpAnswer answer = new HttpAnswer(response.code(), response.headers(), text(response));
      throw errors.failure(
          attempt,
          answer.status(),
          null,
          Bounded.line(address.scrubbed(answer.body()), SAID),
          answer.retryAfter(clock));
    } catch (IOException unreachable) {
      // The request itself would be named in the message, and its address is a secret.
      throw errors.unreachable(
          attempt,
          new Request.Builder().url(address.withoutSecret()).build(),
          scrubbed(unreachable, address));
    }
  }

  private WebhookAddress address(Receiver receiver, Attempt attempt) {
    Secret url = secret(receiver.url(), attempt);
    return WebhookAddress.of(url.reveal())
        .orElseThrow(() ->
            lack(
                attempt,
                "the secret "
                    + receiver.url().text()
                    + " is not an address that notices are sent to",
                "Store " + WebhookAddress.ALLOWED + "."));
  }

  private Secret key(SecretReference reference, Attempt attempt) {
    Secret key = secret(reference, attempt);
    if (!Signature.isStrong(key)) {
      throw lack(
          attempt,
          "the key " + reference.text() + " is too short, or not base64 after whsec_",
          "Use at least "
              + Signature.SHORTEST_KEY
              + " bytes, such as those of: openssl rand -base64 32");
    }
    return key;
  }

  private Secret secret(SecretReference reference, Attempt attempt) {
    try {
      return secrets.read(reference);
    } catch (ApplicationFailure lack) {
      throw lack(
          attempt,
          Failures.problemOf(lack, attempt.tried(), attempt.where()).cameBack(),
          "Set the secret " + reference.text() + " where workers run; until then it is retried.");
    }
  }

  /** Another worker may have what this one lacks, and it may be corrected: so it is retried. */
  private static ApplicationFailure lack(Attempt attempt, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(FailureKind.PLATFORM, attempt.tried(), attempt.where(), cameBack, remedy));
  }

  private static ApplicationFailure gone(String receiver, String file) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "notify " + receiver,
            file,
            "notify has no receiver of that name any more",
            "Nothing needs to be done, unless it was renamed by mistake."));
  }

  /** An exception of the network without the address that its message may hold. */
  private static IOException scrubbed(IOException problem, WebhookAddress address) {
    @Nullable String message = problem.getMessage();
    return message == null || message.equals(address.scrubbed(message))
        ? problem
        : new IOException(address.scrubbed(message));
  }
}
