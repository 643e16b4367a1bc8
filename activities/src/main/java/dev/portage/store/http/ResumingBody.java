package dev.portage.store.http;

import dev.portage.store.ArtifactSource;
import dev.portage.store.Retry;
import dev.portage.store.http.ByteStreams.Opened;
import dev.portage.store.http.ByteStreams.Range;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file, or some of its bytes, in one response body or several: if one breaks off, stalls or only
 * trickles, the rest is requested from where it stopped, as long as bytes arrive in between. For
 * one thread.
 */
public final class ResumingBody implements ArtifactSource.Stream, AutoCloseable {
  private final Opener opener;
  private final boolean isWhole;
  private final boolean ranged;
  private final Supplier<Retry> retries;
  private final Function<IOException, ApplicationFailure> failure;
  private final @Nullable String tag;
  private Opened.Body body;
  private long at;

  /** Behind the last byte, -1 where that is not known. */
  private long end;

  /** Of the requests since the last byte; null while bytes come. */
  private @Nullable Retry retry;

  /** Requests bytes. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Requests once.
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
   * @param ranged whether ranges can be requested
   * @param retries decides about requests that brought nothing, each until bytes come again
   * @param failure makes what is thrown of a body that broke off and can't be followed
   */
  public ResumingBody(
      Opener opener,
      @Nullable Range wanted,
      boolean ranged,
      Supplier<Retry> retries,
      Function<IOException, ApplicationFailure> failure) {
    this.opener = opener;
    this.isWhole = wanted == null;
    this.ranged = ranged;
    this.retries = retries;
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
          retry = read > 0 ? null : retry;
          return read;
        }
        broken = new IOException("unexpected end of the body");
      } catch (IOException e) {
        broken = e;
      }
      resume(broken);
    }
  }

  /** The next body, from where the last one stopped. */
  private void resume(IOException broken) {
    body.close();
    if (!ranged || end < 0 || Thread.currentThread().isInterrupted()) {
      throw failure.apply(broken);
    }
    Retry current = retry;
    if (current == null) {
      current = retries.get();
      retry = current;
    } else {
      current.after(failure.apply(broken));
    }
    body = next(current);
    requireSame();
  }

  private Opened.Body next(Retry current) {
    while (true) {
      try {
        return opener.open(at == 0 && isWhole ? null : new Range(at, end - 1));
      } catch (ApplicationFailure refused) {
        current.after(refused);
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

  @Override
  public void close() {
    body.close();
  }
}
