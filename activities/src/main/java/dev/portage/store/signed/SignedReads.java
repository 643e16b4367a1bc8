package dev.portage.store.signed;

import dev.portage.copy.ReadAbilities;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSource;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.ByteStreams.FirstAnswer;
import dev.portage.store.http.ByteStreams.Opened;
import dev.portage.store.http.ByteStreams.Range;
import dev.portage.store.http.FollowedBody;
import dev.portage.store.http.SignedErrors;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/**
 * Reads through signed addresses. One that is refused is renewed, a few times. A body that breaks
 * off is asked for anew from where it stopped, as long as bytes come in between.
 */
public final class SignedReads {
  private final MlflowServer server;
  private final Grants grants;
  private final ByteStreams streams;

  /** Reads with these grants. */
  public SignedReads(MlflowServer server, Grants grants) {
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
  public ReadAbilities probe(@Nullable String sample, String way) {
    if (sample == null) {
      return new ReadAbilities(way, false, false);
    }
    Attempt attempt = server.attempt("read the first byte of " + ArtifactPath.shown(sample));
    while (true) {
      Grant grant = grants.of(sample);
      FirstAnswer first = streams.first(attempt, grant.request());
      if (first.refusal() == null) {
        grants.taken(sample);
        return new ReadAbilities(way, first.ranged(), first.length());
      }
      refused(attempt, sample, grant, first.refusal());
    }
  }

  public <T> T read(String path, ArtifactSource.Reader<T> reader) {
    return read(path, null, reader);
  }

  public <T> T read(String path, long offset, long length, ArtifactSource.Reader<T> reader) {
    return read(path, Range.of(offset, length), reader);
  }

  private <T> T read(String path, @Nullable Range wanted, ArtifactSource.Reader<T> reader) {
    Attempt attempt = server.attempt("read file " + ArtifactPath.shown(path));
    try (FollowedBody body =
        new FollowedBody(
            range -> open(attempt, path, range),
            wanted,
            true,
            broken -> streams.unreachable(attempt, grants.of(path).request(), broken))) {
      return reader.read(body);
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
}
