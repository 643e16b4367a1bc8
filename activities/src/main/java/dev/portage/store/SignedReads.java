package dev.portage.store;

import dev.portage.copy.ReadAbilities;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ByteStreams.FirstByte;
import dev.portage.store.ByteStreams.Opened;
import dev.portage.store.ByteStreams.Range;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads through signed addresses. One that is refused is renewed, a few times. A body that breaks
 * off is asked for anew from where it stopped, as long as bytes come in between.
 */
final class SignedReads {
  private static final int MOST_IN_VAIN = 2;

  private final MlflowServer server;
  private final Grants grants;
  private final ByteStreams streams;

  /** Reads with these grants. */
  SignedReads(MlflowServer server, Grants grants) {
    this.server = server;
    this.grants = grants;
    this.streams = ByteStreams.signed(server.way());
  }

  /**
   * Finds out by asking for the first byte of a file.
   *
   * @param sample its path, null where there is none to ask for
   * @param way in words for people
   */
  ReadAbilities probe(@Nullable String sample, String way) {
    if (sample == null) {
      return new ReadAbilities(way, false, false);
    }
    Attempt attempt = server.attempt("read the first byte of " + ArtifactPath.shown(sample));
    while (true) {
      Grant grant = grants.of(sample);
      FirstByte first = streams.first(attempt, grant.request());
      if (first.refusal() == null) {
        grants.taken(sample);
        return new ReadAbilities(way, first.ranged(), first.length());
      }
      refused(attempt, sample, grant, first.refusal());
    }
  }

  <T> T read(String path, ArtifactSource.Reader<T> reader) {
    try (Reading reading = new Reading(path, 0, -1)) {
      return reader.read(reading);
    }
  }

  <T> T read(String path, long offset, long length, ArtifactSource.Reader<T> reader) {
    try (Reading reading = new Reading(path, offset, offset + length)) {
      return reader.read(reading);
    }
  }

  private Opened.Body open(Attempt attempt, String path, @Nullable Range range) {
    while (true) {
      Grant grant = grants.of(path);
      switch (streams.open(attempt, grant.request(), range)) {
        case Opened.Body body -> {
          grants.taken(path);
          return body;
        }
        case Opened.Refusal(HttpAnswer answer) -> refused(attempt, path, grant, answer);
      }
    }
  }

  /** Comes back when it may be tried with a new grant. */
  private void refused(Attempt attempt, String path, Grant grant, HttpAnswer answer) {
    ApplicationFailure why = SignedErrors.failure(attempt, answer);
    if (!SignedErrors.isOfGrant(answer)) {
      throw why;
    }
    grants.refused(path, grant, why);
  }

  /** A file, or some of its bytes, in one body or in several that follow each other. */
  private final class Reading implements ArtifactSource.Stream, AutoCloseable {
    private final Attempt attempt;
    private final String path;
    private final @Nullable String tag;
    private Opened.Body body;
    private long at;

    /** Behind the last byte, -1 where that is not known. */
    private long end;

    private int inVain;

    private Reading(String path, long offset, long end) {
      this.attempt = server.attempt("read file " + ArtifactPath.shown(path));
      this.path = path;
      this.at = offset;
      this.end = end;
      this.body = open(attempt, path, end < 0 ? null : new Range(offset, end - 1));
      this.tag = body.tag();
      if (end < 0 && body.length() >= 0) {
        this.end = body.length();
      }
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
        reopen(broken);
      }
    }

    private void reopen(IOException broken) {
      if (end < 0 || inVain++ >= MOST_IN_VAIN || Thread.currentThread().isInterrupted()) {
        throw SignedErrors.TABLE.unreachable(attempt, grants.of(path).request().build(), broken);
      }
      body.close();
      body = open(attempt, path, at == 0 ? null : new Range(at, end - 1));
      String now = body.tag();
      if (tag != null && now != null && !tag.equals(now)) {
        throw server.failure(
            FailureKind.PLATFORM,
            attempt.tried(),
            "it changed while it was read",
            "It is read again; nobody should write to a model that is being promoted.");
      }
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
