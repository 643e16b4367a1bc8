package dev.portage.login;

import dev.portage.failure.FailureKind;
import dev.portage.http.Credential;
import dev.portage.http.GivenOut;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A credential of tokens that expire: one is kept, and renewed before its end by the first who
 * needs it. Meanwhile the others use the old one; if that has expired, they wait for that one call,
 * and share its failure.
 */
final class RenewedToken implements Credential {

  /** Longer than any call, so that no request arrives with a token that has just expired. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** Of a short life, so much is left when a token is renewed. */
  private static final int PART = 5;

  /** A token so new was not refused for its age: another one would be refused as well. */
  private static final Duration JUST_ISSUED = Duration.ofSeconds(10);

  /** While the old one lasts, an issuer that didn't answer is left alone for so long. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final String text;
  private final TokenSource source;
  private final InstantSource clock;
  private final GivenOut givenOut = new GivenOut();
  private final ReentrantLock renewing = new ReentrantLock();
  private volatile @Nullable Held held;
  private volatile @Nullable ApplicationFailure lastFailure;
  private volatile Instant notBefore = Instant.MIN;

  private record Held(AccessToken token, Instant issued) {

    String header() {
      return "Bearer " + token.value();
    }

    boolean isFresh(Instant now) {
      Duration life = Duration.between(issued, token.expires());
      Duration ahead = life.dividedBy(PART);
      return now.isBefore(token.expires().minus(ahead.compareTo(AHEAD) < 0 ? ahead : AHEAD));
    }

    boolean lasts(Instant now) {
      return now.isBefore(token.expires());
    }
  }

  RenewedToken(String text, TokenSource source, InstantSource clock) {
    this.text = text;
    this.source = source;
    this.clock = clock;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public String authorization() {
    Held now = held;
    Instant at = clock.instant();
    if (now != null && now.isFresh(at)) {
      return givenOut.note(now.header());
    }
    ApplicationFailure before = lastFailure;
    if (now == null || !now.lasts(at)) {
      renewing.lock();
    } else if (at.isBefore(notBefore) || !renewing.tryLock()) {
      return givenOut.note(now.header());
    }
    try {
      Held meanwhile = held;
      if (meanwhile != null && meanwhile.isFresh(clock.instant())) {
        return givenOut.note(meanwhile.header());
      }
      return givenOut.note(renewedOrStillGood(meanwhile, before).header());
    } finally {
      renewing.unlock();
    }
  }

  /** While the old one lasts, an issuer that doesn't answer holds nobody up. */
  private Held renewedOrStillGood(@Nullable Held old, @Nullable ApplicationFailure before) {
    try {
      return renew(before);
    } catch (ApplicationFailure failure) {
      Instant now = clock.instant();
      if (old != null && failure.getType().equals(FailureKind.PLATFORM.type()) && old.lasts(now)) {
        notBefore = now.plus(PAUSE);
        return old;
      }
      throw failure;
    }
  }

  @Override
  public Optional<String> insteadOf(String refused) {
    ApplicationFailure before = lastFailure;
    renewing.lock();
    try {
      Held now = held;
      if (now != null && !now.header().equals(refused)) {
        return Optional.of(givenOut.note(now.header()));
      }
      if (now != null && clock.instant().isBefore(now.issued().plus(JUST_ISSUED))) {
        return Optional.empty();
      }
      String renewed = renew(before).header();
      return renewed.equals(refused) ? Optional.empty() : Optional.of(givenOut.note(renewed));
    } finally {
      renewing.unlock();
    }
  }

  /**
   * Requests another one.
   *
   * @param before the last failure when the caller began to wait: a later one answers it, too,
   *     since an issuer that doesn't respond would otherwise keep each of many for a whole timeout
   */
  private Held renew(@Nullable ApplicationFailure before) {
    ApplicationFailure meanwhile = lastFailure;
    if (meanwhile != null && meanwhile != before) {
      throw meanwhile;
    }
    try {
      Held renewed = new Held(source.issue(), clock.instant());
      held = renewed;
      lastFailure = null;
      return renewed;
    } catch (ApplicationFailure failure) {
      lastFailure = failure;
      throw failure;
    }
  }

  @Override
  public String hideIn(String given) {
    return givenOut.hideIn(given);
  }

  @Override
  public String lastingSecret() {
    return source.lastingSecret();
  }

  @Override
  public void read() {
    source.read();
  }

  @Override
  public String remedy() {
    return source.remedy();
  }

  @Override
  public String toString() {
    return text;
  }
}
