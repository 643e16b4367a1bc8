package dev.portage.store.signed;

import dev.portage.copy.ReadCapabilities;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSource;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.ByteStreams.FirstAnswer;
import dev.portage.store.http.ByteStreams.Opened;
import dev.portage.store.http.ByteStreams.Range;
import dev.portage.store.http.ResumingBody;
import dev.portage.store.http.SignedErrors;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/**
 * Reads through signed URLs. A refused URL is renewed, a few times. If a body breaks off, the rest
 * is requested from where it stopped, as long as bytes arrive in between.
 */
public final class SignedReads {
  private final MlflowServer server;
  private final Grants grants;
  private final ByteStreams streams;

  /** Reads with these grants. */
  public SignedReads(MlflowServer server, Grants grants) {
    this.server = server;
    this.grants = grants;
    this.streams = ByteStreams.signed(server.http());
  }

  /**
   * Finds out by asking for the first byte of a file.
   *
   * @param sample its path, null where there is none to ask for
   * @param way in words for people
   */
  public ReadCapabilities probe(@Nullable String sample, String way) {
    if (sample == null) {
      return new ReadCapabilities(way, false, false);
    }
    Attempt attempt = server.attempt("read the first byte of " + ArtifactPath.shown(sample));
    Grant grant = grants.of(sample);
    FirstAnswer first = streams.first(attempt, grant.request());
    if (first.refusal() != null) {
      throw refused(attempt, sample, grant, first.refusal());
    }
    return new ReadCapabilities(way, first.ranged(), first.length());
  }

  public <T> T read(String path, ArtifactSource.Reader<T> reader) {
    return read(path, null, reader);
  }

  public <T> T read(String path, long offset, long length, ArtifactSource.Reader<T> reader) {
    return read(path, Range.of(offset, length), reader);
  }

  /** Reads some bytes, or all where {@code wanted} is null. */
  <T> T read(String path, @Nullable Range wanted, ArtifactSource.Reader<T> reader) {
    Attempt attempt = server.attempt("read file " + ArtifactPath.shown(path));
    try (ResumingBody body =
        new ResumingBody(
            range -> open(attempt, path, range),
            wanted,
            true,
            reader::retry,
            broken -> streams.unreachable(attempt, grants.of(path).request(), broken))) {
      return reader.read(body);
    }
  }

  private Opened.Body open(Attempt attempt, String path, @Nullable Range range) {
    Grant grant = grants.of(path);
    return switch (streams.open(attempt, grant.request(), range)) {
      case Opened.Body body -> body;
      case Opened.Refusal(HttpAnswer answer) -> throw refused(attempt, path, grant, answer);
    };
  }

  private ApplicationFailure refused(Attempt attempt, String path, Grant grant, HttpAnswer answer) {
    if (SignedErrors.isOfGrant(answer)) {
      grants.refused(path, grant);
    }
    return SignedErrors.failure(attempt, answer);
  }
}
