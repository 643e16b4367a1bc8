package dev.portage.store.azure;

import dev.portage.copy.PartLimits;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.SignedWrites;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** What both protocols of Azure's storage share: limits, calls, and how an upload is gone. */
abstract sealed class AzureWrites implements SignedWrites permits AzureBlobWrites, AzureLakeWrites {
  /**
   * <a href="https://learn.microsoft.com/azure/storage/blobs/scalability-targets">Of a blob</a>.
   * The lake states no limit for the number of appends; each may be a block.
   */
  private static final PartLimits LIMITS = new PartLimits(1, 4000L << 20, 50_000);

  final MlflowServer server;
  final SignedCalls calls;

  AzureWrites(MlflowServer server, Grants grants) {
    this.server = server;
    this.calls = new SignedCalls(server, grants);
  }

  @Override
  public final PartLimits parts() {
    return LIMITS;
  }

  final Attempt attempt(String what, String path) {
    return server.attempt(what + " file " + ArtifactPath.shown(path));
  }

  final Attempt attemptPart(int number, String path) {
    return attempt("write part " + number + " of", path);
  }

  /**
   * A request to a grant's address with more in its query.
   *
   * @param fitting which of the grant's headers to keep, by lower-case name
   */
  static Function<Grant, Request.Builder> to(Map<String, String> query, Predicate<String> fitting) {
    return grant -> {
      HttpUrl.Builder url = grant.url().newBuilder();
      query.forEach(url::setQueryParameter);
      return grant.request(url.build(), fitting);
    };
  }

  /**
   * Fails unless the answer is good.
   *
   * @param gone the store's codes that say that the upload is gone
   */
  static void requireGood(Attempt attempt, HttpAnswer answer, Set<String> gone) {
    if (!answer.isSuccess()) {
      ApplicationFailure failure = SignedErrors.failure(attempt, answer);
      throw gone.contains(String.valueOf(SignedErrors.code(answer)))
          ? new UploadGone(failure)
          : failure;
    }
  }
}
