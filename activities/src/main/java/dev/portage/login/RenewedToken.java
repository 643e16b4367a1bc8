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
 * needs it. The others wait for that one call.
 */
final class RenewedToken implements Credential {

  /** Longer than any call, so that no request arrives with a token that has just expired. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** Of a short life, so much is left when a token is renewed. */
  private static final int PART = 5;

  /** A token so new was not refused for its age: another one would be refused as well. */
  private static final Duration JUST_ISSUED = Duration.ofSeconds(10);

  private final String text;
  private final TokenSource source;
  private final InstantSource clock;
  private final GivenOut givenOut = new GivenOut();
  private final ReentrantLock renewing = new ReentrantLock();
  private volatile @Nullable Held held;

  private record Held(AccessToken token, Instant issued) {

    String header() {
      return "Bearer " + token.value();
    }

    boolean isFresh(Instant now) {
      Duration life = Duration.between(issued, token.expires());
      Duration ahead = life.dividedBy(PART);
      return now.isBefore(token.expires().minus(ahead.compareTo(AHEAD) < 0 ? ahead : AHEAD));
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
    if (now != null && now.isFresh(clock.instant())) {
      return givenOut.note(now.header());
    }
    renewing.lock();
    try {
      Held meanwhile = held;
      if (meanwhile != null && meanwhile.isFresh(clock.instant())) {
        return givenOut.note(meanwhile.header());
      }
      return givenOut.note(renewedOrStillGood(meanwhile).header());
    } finally {
      renewing.unlock();
    }
  }

  /** While the old one lasts, an issuer that doesn't answer holds nobody up. */
  private Held renewedOrStillGood(@Nullable Held before) {
    try {
      return renew();
    } catch (ApplicationFailure failure) {
      if (before != null
          && failure.getType().equals(FailureKind.PLATFORM.type())
          && clock.instant().isBefore(before.token().expires())) {
        return before;
      }
      throw failure;
    }
  }

  @Override
  public Optional<String> insteadOf(String refused) {
    renewing.lock();
    try {
      Held now = held;
      if (now != null && !now.header().equals(refused)) {
        return Optional.of(givenOut.note(now.header()));
      }
      if (now != null && clock.instant().isBefore(now.issued().plus(JUST_ISSUED))) {
        return Optional.empty();
      }
      String renewed = renew().header();
      return renewed.equals(refused) ? Optional.empty() : Optional.of(givenOut.note(renewed));
    } finally {
      renewing.unlock();
    }
  }

  private Held renew() {
    Held renewed = new Held(source.issue(), clock.instant());
    held = renewed;
    return renewed;
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
