package dev.portage.store.filesapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.copy.PartLimits;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink;
import dev.portage.store.http.ByteStreams;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.UploadToken;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Request;

/**
 * A Files API upload to Google Cloud Storage: a <a
 * href="https://cloud.google.com/storage/docs/performing-resumable-uploads">resumable upload</a>,
 * whose parts follow each other in one session. Its URL, valid for a week, is all that another
 * process needs to continue. A part that arrived halfway is sent again from its beginning: Google
 * skips what it already has, so bytes that turned out wrong end the session.
 */
final class FilesArtifactsResumable implements FilesArtifactsUploads.Begun {
  /** What its tokens are called. */
  static final String KIND = "files-resumable";

  /** Parts are multiples of 256 KiB; their number is no limit of the store. */
  private static final PartLimits LIMITS = new PartLimits(256L << 10, 4000L << 20, 50_000, true);

  /** Google's statuses for a session that doesn't exist, is over, or was aborted. */
  private static final Set<Integer> GONE = Set.of(404, 410, 499);

  private static final int UNDER_WAY = 308;
  private static final Pattern ARRIVED = Pattern.compile("bytes=0-(\\d{1,18})");

  private final FilesArtifactsApi api;
  private final ByteStreams streams;
  private final String path;
  private final Grant session;
  private final long size;
  private final long partBytes;

  /**
   * An upload that was started.
   *
   * @param session its address with the headers that belong to it
   */
  FilesArtifactsResumable(
      FilesArtifactsApi api, String path, JsonNode session, long size, long partBytes) {
    this.api = api;
    this.streams = ByteStreams.signed(api.server().http());
    this.path = path;
    this.session = FilesArtifactsSigner.grant(api, "use an upload session", session, Instant.now());
    this.size = size;
    this.partBytes = partBytes;
  }

  /** Continues one that another process started. */
  static FilesArtifactsResumable resume(FilesArtifactsApi api, String path, String token) {
    ObjectNode kept = UploadToken.read(api.server(), KIND, token);
    return new FilesArtifactsResumable(
        api, path, kept.path("session"), kept.path("size").asLong(), kept.path("part").asLong());
  }

  @Override
  public PartLimits limits() {
    return LIMITS;
  }

  /** Queries what has arrived: nothing. */
  @Override
  public void probe() {
    Attempt attempt = api.server().attempt("query the state of an upload");
    HttpAnswer answer = put(attempt, "*/*", 0, SignedCalls.NOTHING);
    if (answer.status() != UNDER_WAY) {
      throw SignedErrors.failure(attempt, answer);
    }
  }

  @Override
  public String token() {
    ObjectNode kept = UploadToken.of(KIND).put("size", size).put("part", partBytes);
    ObjectNode address = kept.putObject("session").put("url", session.address());
    ObjectNode headers = address.putObject("headers");
    session.headers().forEach(headers::put);
    return kept.toString();
  }

  @Override
  public String part(int number, long length, ArtifactSink.Body body) {
    Attempt attempt =
        api.server().attempt("write part " + number + " of file " + ArtifactPath.shown(path));
    long first = (number - 1) * partBytes;
    long last = first + length - 1;
    HttpAnswer answer = put(attempt, first + "-" + last + "/" + size, length, body);
    if (answer.status() == UNDER_WAY && arrived(answer) <= last) {
      throw api.server()
          .failure(
              FailureKind.PLATFORM,
              attempt.tried(),
              "it arrived up to byte " + arrived(answer) + " instead of " + (last + 1),
              "Portage sends it again.");
    }
    requireGood(attempt, answer, last + 1 < size);
    return "";
  }

  /** How many bytes of the file have arrived. */
  private static long arrived(HttpAnswer answer) {
    String range = answer.headers().get("Range");
    Matcher told = ARRIVED.matcher(range == null ? "" : range);
    return told.matches() ? Long.parseLong(String.valueOf(told.group(1))) + 1 : 0;
  }

  /** The last part makes the file; whether it did, the session knows. */
  @Override
  public void complete(List<String> tags) {
    Attempt attempt = api.server().attempt("complete file " + ArtifactPath.shown(path));
    requireGood(attempt, put(attempt, "*/" + size, 0, SignedCalls.NOTHING), false);
  }

  /**
   * Fails where an answer does not say what is expected.
   *
   * @param isOpen whether the file has to lack something yet
   */
  private void requireGood(Attempt attempt, HttpAnswer answer, boolean isOpen) {
    if (isOpen ? answer.status() == UNDER_WAY : answer.isSuccess()) {
      return;
    }
    boolean isOther = answer.isSuccess() || answer.status() == UNDER_WAY;
    ApplicationFailure failure =
        isOther
            ? api.server()
                .failure(
                    FailureKind.PLATFORM,
                    attempt.tried(),
                    "its session is " + (isOpen ? "already complete" : "not complete"),
                    "Portage restarts it.")
            : SignedErrors.failure(attempt, answer);
    throw isOther || GONE.contains(answer.status())
        ? new ArtifactSink.UploadGone(failure)
        : failure;
  }

  private HttpAnswer put(Attempt attempt, String range, long length, ArtifactSink.Body body) {
    Request.Builder request = session.request().header("Content-Range", "bytes " + range);
    try {
      return streams.send(attempt, request, "PUT", length, body);
    } catch (ApplicationFailure broken) {
      throw broken; // Nothing was found wrong with what has arrived.
    } catch (RuntimeException wrong) {
      abort(); // What has arrived was wrong, and could not be replaced.
      throw wrong;
    }
  }

  @Override
  public void abort() {
    Attempt attempt = api.server().attempt("abort the upload of file " + ArtifactPath.shown(path));
    try {
      // The response doesn't matter: a missing session is as good, and the rest expires.
      streams.send(attempt, session.request(), "DELETE", 0, SignedCalls.NOTHING);
    } catch (ApplicationFailure unreachable) {
      return; // As above.
    }
  }
}
