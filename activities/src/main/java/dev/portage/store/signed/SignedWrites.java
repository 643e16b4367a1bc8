package dev.portage.store.signed;

import dev.portage.copy.PartLimits;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.http.SignedErrors;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of object store accepts files through signed URLs. Knows nothing about who signs.
 */
public interface SignedWrites {

  /** Requests a grant to see what it allows; writes nothing. */
  String PROBE = "portage-probe";

  /**
   * Limits of S3 for uploads in parts, the narrowest of the stores (<a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">limits</a>); a block
   * of Azure may have up to 4000 MiB.
   */
  PartLimits S3_LIMITS = new PartLimits(5L << 20, 4000L << 20, 10_000);

  /** What holds for uploads in parts, null where there are none. */
  @Nullable PartLimits parts();

  /** As {@link ArtifactSink#write}. */
  void write(String path, long size, Body body);

  /** As {@link ArtifactSink#begin}; only where {@link #parts} says so. */
  Upload begin(String path, long size, long partBytes, int parts);

  /** As {@link ArtifactSink#resume}. */
  Upload resume(String path, String token);

  /**
   * What completing an upload needs to know of a part.
   *
   * @param answer to the part
   */
  static String tagOf(MlflowServer server, Attempt attempt, HttpAnswer answer) {
    if (!answer.isSuccess()) {
      ApplicationFailure failure = SignedErrors.failure(attempt, answer);
      throw answer.status() == 404 ? new UploadGone(failure) : failure;
    }
    String tag = answer.headers().get("ETag");
    if (tag == null) {
      throw server.failure(
          FailureKind.PLATFORM, attempt.tried(), "a response without an ETag", "Portage retries.");
    }
    return tag;
  }
}
