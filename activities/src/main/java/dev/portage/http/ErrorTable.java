package dev.portage.http;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * What the errors of one remote system mean: first by words that say more than any code, then by
 * its error code, then by HTTP status. Statuses missing from the table count by class: 429, 408 and
 * 5xx are the platform's, everything else is the user's.
 */
public final class ErrorTable {
  private static final Rule SILENT =
      new Rule(
          FailureKind.PLATFORM,
          "Portage retries; if it persists, check the server and the network.");

  private final Map<Pattern, Rule> words;
  private final Map<String, Rule> codes;
  private final Map<Integer, Rule> statuses;
  private final Rule noSuchHost;
  private final Clock clock;

  private ErrorTable(
      Map<Pattern, Rule> words,
      Map<String, Rule> codes,
      Map<Integer, Rule> statuses,
      Rule noSuchHost,
      Clock clock) {
    this.words = Collections.unmodifiableMap(new LinkedHashMap<>(words));
    this.codes = Map.copyOf(codes);
    this.statuses = Map.copyOf(statuses);
    this.noSuchHost = noSuchHost;
    this.clock = clock;
  }

  /**
   * One row.
   *
   * @param kind whose move it is
   * @param remedy what to do, as a sentence
   */
  public record Rule(FailureKind kind, String remedy) {}

  /** Starts a table that knows the general statuses. */
  public static Builder builder() {
    return new Builder();
  }

  /** The row for an answer. */
  public Rule rule(int status, @Nullable String errorCode, String message) {
    for (Map.Entry<Pattern, Rule> row : words.entrySet()) {
      if (row.getKey().matcher(message).find()) {
        return row.getValue();
      }
    }
    Rule byCode = errorCode == null ? null : codes.get(errorCode);
    if (byCode != null) {
      return byCode;
    }
    Rule byStatus = statuses.get(status);
    if (byStatus != null) {
      return byStatus;
    }
    if (status >= 300 && status < 400) {
      return new Rule(
          FailureKind.USER,
          "Redirects are not followed, so that no login reaches another host: use the final address.");
    }
    return status >= 500
        ? new Rule(FailureKind.PLATFORM, "Portage retries; if it persists, check the server.")
        : new Rule(FailureKind.USER, "Correct what the message names, then start again.");
  }

  /** The failure for an answer that is no success. Holds no credential. */
  public ApplicationFailure failure(Attempt attempt, Request request, HttpAnswer answer) {
    String said = Redaction.text(answer.message(), request);
    String location = answer.headers().get("Location");
    if (said.isEmpty() && location != null) {
      said = "redirect to " + Redaction.text(location, request);
    }
    String code = answer.errorCode();
    return failure(
        attempt,
        answer.status(),
        code == null ? null : Redaction.text(code, request),
        said,
        answer.retryAfter(clock));
  }

  /**
   * The failure for an error that another client read.
   *
   * @param status HTTP status
   * @param errorCode the system's own code, null where it gave none
   * @param message what it said; credentials are taken out
   * @param retryAfter how long the server asked us to wait, null if it didn't
   */
  public ApplicationFailure failure(
      Attempt attempt,
      int status,
      @Nullable String errorCode,
      String message,
      @Nullable Duration retryAfter) {
    Rule rule = rule(status, errorCode, message);
    StringBuilder cameBack = new StringBuilder().append(status);
    if (errorCode != null) {
      cameBack.append(' ').append(Redaction.text(errorCode));
    }
    String said = Redaction.text(message);
    if (!said.isBlank()) {
      cameBack.append(": ").append(said);
    }
    return Failures.of(
        Problem.of(
            rule.kind(), attempt.tried(), attempt.where(), cameBack.toString(), rule.remedy()),
        rule.kind() == FailureKind.PLATFORM ? retryAfter : null,
        status);
  }

  /**
   * The failure for a call that got no answer.
   *
   * @param request the call; its address is named without its query
   */
  public ApplicationFailure unreachable(Attempt attempt, Request request, IOException problem) {
    String address = Redaction.address(request.url().newBuilder().encodedPath("/").build());
    if (problem instanceof AnswerTooLong tooLong) {
      return Failures.of(
          Problem.of(
              FailureKind.USER,
              attempt.tried(),
              attempt.where(),
              tooLong.getMessage() + ", more than Portage reads at once",
              "Reduce what is stored there, for example by deleting what is not needed."));
    }
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return Failures.of(
            Problem.of(
                FailureKind.USER,
                attempt.tried(),
                attempt.where(),
                "the certificate of " + address + " is not trusted",
                "Set PORTAGE_CA_FILE to a file with its certificate authority where the worker runs."));
      }
    }
    Rule rule = problem instanceof UnknownHostException ? noSuchHost : SILENT;
    return Failures.of(
        Problem.of(
            rule.kind(),
            attempt.tried(),
            attempt.where(),
            reason(address, Redaction.text(String.valueOf(problem.getMessage()), request), problem),
            rule.remedy()));
  }

  private static String reason(String address, String message, IOException problem) {
    return switch (problem) {
      case UnknownHostException _ -> "the name of " + address + " can't be resolved";
      case ConnectException _ -> "no connection to " + address;
      case InterruptedIOException _ -> "no response from " + address + " in time";
      default -> "the connection to " + address + " broke: " + message;
    };
  }

  /** Collects the rows of a table. */
  public static final class Builder {
    private final Map<Pattern, Rule> words = new LinkedHashMap<>();
    private final Map<String, Rule> codes = new HashMap<>();
    private final Map<Integer, Rule> statuses = new HashMap<>();
    private Rule noSuchHost = SILENT;
    private Clock clock = Clock.systemUTC();

    private Builder() {
      status(401, FailureKind.USER, "The login was refused: renew the token.");
      status(403, FailureKind.USER, "The login lacks a permission: have it granted.");
      status(404, FailureKind.USER, "Not found: check the address and the names.");
      status(408, FailureKind.PLATFORM, "Portage retries.");
      status(425, FailureKind.PLATFORM, "Portage retries.");
      status(429, FailureKind.PLATFORM, "Portage retries when the server allows.");
      status(501, FailureKind.USER, "The server doesn't support this: use one that does.");
    }

    /**
     * A row for a refusal's words, whatever its code; the first match counts.
     *
     * @param words found anywhere in the message
     */
    public Builder says(Pattern words, FailureKind kind, String remedy) {
      this.words.put(words, new Rule(kind, remedy));
      return this;
    }

    /** A row for an error code. */
    public Builder code(String errorCode, FailureKind kind, String remedy) {
      codes.put(errorCode, new Rule(kind, remedy));
      return this;
    }

    /** A row for a status whose code is missing or not in the table. */
    public Builder status(int status, FailureKind kind, String remedy) {
      statuses.put(status, new Rule(kind, remedy));
      return this;
    }

    /** The row for a host whose name can't be resolved; else it counts like one that is silent. */
    public Builder noSuchHost(FailureKind kind, String remedy) {
      noSuchHost = new Rule(kind, remedy);
      return this;
    }

    /** The clock that dates in {@code Retry-After} are held against. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** The table. */
    public ErrorTable build() {
      return new ErrorTable(words, codes, statuses, noSuchHost, clock);
    }
  }
}
