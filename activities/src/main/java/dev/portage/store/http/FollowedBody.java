package dev.portage.store.http;

import dev.portage.failure.Failures;
import dev.portage.store.ArtifactSource;
import dev.portage.store.SideBySide;
import dev.portage.store.http.ByteStreams.Opened;
import dev.portage.store.http.ByteStreams.Range;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file, or some of its bytes, in one body or in several that follow each other: one that breaks
 * off, falls silent or only drips is asked for anew from where it stopped, as long as bytes come in
 * between. For one thread.
 */
public final class FollowedBody implements ArtifactSource.Stream, AutoCloseable {
  /** Bodies that brought nothing, one after the other, before it is given up. */
  private static final int MOST_IN_VAIN = 3;

  /** Before a server that refused is asked again; a body that broke off is followed at once. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Opener opener;
  private final boolean isWhole;
  private final boolean ranged;
  private final Function<IOException, ApplicationFailure> failure;
  private final @Nullable String tag;
  private Opened.Body body;
  private long at;

  /** Behind the last byte, -1 where that is not known. */
  private long end;

  private int inVain;

  /** Asks for bytes. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Asks once.
     *
     * @param range null for all bytes
     * @throws ApplicationFailure when it is refused or there is no answer
     */
    Opened.Body open(@Nullable Range range);
  }

  /**
   * Asks for the first of them.
   *
   * @param wanted which bytes, null for all
   * @param ranged whether some bytes can be asked for
   * @param failure makes what is thrown of a body that broke off and can't be followed
   */
  public FollowedBody(
      Opener opener,
      @Nullable Range wanted,
      boolean ranged,
      Function<IOException, ApplicationFailure> failure) {
    this.opener = opener;
    this.isWhole = wanted == null;
    this.ranged = ranged;
    this.failure = failure;
    this.body = opener.open(wanted);
    this.tag = body.tag();
    this.at = wanted == null ? 0 : wanted.first();
    this.end = wanted != null ? wanted.last() + 1 : body.length();
  }

  @Override
  public int read(byte[] buffer) {
    while (true) {
      IOException broken;
      try {
        int read = body.read(buffer);
        if (read >= 0 || end < 0 || at >= end) {
          at += Math.max(read, 0);
          inVain = read > 0 ? 0 : inVain;
          return read;
        }
        broken = new IOException("unexpected end of the body");
      } catch (IOException e) {
        broken = e;
      }
      follow(broken);
    }
  }

  /** The next body, from where the last one stopped. */
  private void follow(IOException broken) {
    body.close();
    while (true) {
      if (!ranged
          || end < 0
          || inVain++ >= MOST_IN_VAIN
          || Thread.currentThread().isInterrupted()) {
        throw failure.apply(broken);
      }
      try {
        body = opener.open(at == 0 && isWhole ? null : new Range(at, end - 1));
        requireSame();
        return;
      } catch (ApplicationFailure refused) {
        if (refused.isNonRetryable() || inVain >= MOST_IN_VAIN) {
          throw refused;
        }
        pause(refused);
      }
    }
  }

  private void requireSame() {
    String now = body.tag();
    if (tag != null && now != null && !tag.equals(now)) {
      body.close();
      throw failure.apply(new IOException("it changed while it was read"));
    }
  }

  private void pause(ApplicationFailure refused) {
    Integer status = Failures.statusOf(refused);
    if (status == null) {
      return; // It had its time to answer.
    }
    try {
      Thread.sleep(PAUSE.multipliedBy(inVain));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SideBySide.stopping();
    }
  }

  @Override
  public void close() {
    body.close();
  }
}
