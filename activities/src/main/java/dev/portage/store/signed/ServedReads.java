package dev.portage.store.signed;

import dev.portage.copy.ReadCapabilities;
import dev.portage.failure.Failures;
import dev.portage.http.Attempt;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSource.Reader;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.ByteStreams.FirstAnswer;
import dev.portage.store.http.ByteStreams.Range;
import dev.portage.store.http.SignedErrors;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a store behind a server: by signed URLs if the server signs them and the store is
 * reachable, otherwise through the server. Thread-safe.
 */
public final class ServedReads {
  private final MlflowServer server;
  private final SignedReads signed;
  private final ByteStreams streams;
  private final String through;
  private final Function<String, Request.Builder> request;

  /** Set by the probe. */
  private volatile boolean isSigned;

  /** Set by the probe. */
  private volatile boolean isRanged;

  /**
   * Reads through the server, until a probe finds that its URLs can be used.
   *
   * @param signer signs URLs of files
   * @param through the way through the server, in words for people
   * @param request a request to the server for a file's bytes
   */
  public ServedReads(
      MlflowServer server,
      Signer signer,
      String through,
      Function<String, Request.Builder> request) {
    this.server = server;
    this.signed = new SignedReads(server, new Grants(signer));
    this.streams = new ByteStreams(server.http(), server.errors());
    this.through = through;
    this.request = request;
  }

  /** As {@link dev.portage.store.ArtifactSource#probeReads}; what it finds holds for all reads. */
  public ReadCapabilities probe(@Nullable String sample) {
    if (sample == null) {
      return new ReadCapabilities(through, false, false);
    }
    ReadCapabilities direct = probeSigned(sample);
    isSigned = direct != null;
    if (direct != null) {
      return direct;
    }
    Attempt attempt = server.attempt("read the first byte of " + ArtifactPath.shown(sample));
    FirstAnswer first = streams.first(attempt, request.apply(sample));
    isRanged = first.ranged();
    // What is wrong now shows when all is read.
    return new ReadCapabilities(through, first.ranged(), first.length());
  }

  /** Null when the server does not sign, or the store is not for this network to reach. */
  private @Nullable ReadCapabilities probeSigned(String sample) {
    try {
      return signed.probe(sample, "through signed URLs");
    } catch (ApplicationFailure e) {
      Integer status = Failures.statusOf(e);
      if (status != null && SignedErrors.isPassing(status)) {
        throw e;
      }
      return null;
    }
  }

  /** Whether a probe found that signed URLs can be used. */
  public boolean isSigned() {
    return isSigned;
  }

  /**
   * Reads a file, or some bytes of it.
   *
   * @param range null for all bytes
   * @param size of the file if it is large, 0 if not: a server may take long for its first byte
   */
  public <T> T read(String path, @Nullable Range range, long size, Reader<T> reader) {
    return isSigned ? signed.read(path, range, reader) : through(path, range, size, reader);
  }

  /** As {@link #read}, through a signed URL, whatever a probe found. */
  public <T> T signed(String path, Reader<T> reader) {
    return signed.read(path, null, reader);
  }

  /** As {@link #read}, through the server whatever a probe found. */
  public <T> T through(String path, @Nullable Range range, long size, Reader<T> reader) {
    return streams.read(
        server.attempt("read file " + ArtifactPath.shown(path)),
        () -> request.apply(path),
        range,
        isRanged,
        size,
        reader);
  }
}
