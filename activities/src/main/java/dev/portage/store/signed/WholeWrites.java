package dev.portage.store.signed;

import dev.portage.copy.PartLimits;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactPath;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import org.jspecify.annotations.Nullable;

/**
 * Files written by one {@code PUT} each, to Google Cloud Storage (up to 5 TiB) or S3 (up to 5 GiB,
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html">limits</a>).
 */
public final class WholeWrites implements SignedWrites {
  private final MlflowServer server;
  private final SignedCalls calls;

  public WholeWrites(MlflowServer server, Grants grants) {
    this.server = server;
    this.calls = new SignedCalls(server, grants);
  }

  @Override
  public @Nullable PartLimits parts() {
    return null;
  }

  @Override
  public void write(String path, long size, Body body) {
    calls.sendGood(
        server.attempt("write file " + ArtifactPath.shown(path)),
        path,
        "PUT",
        Grant::request,
        size,
        body);
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    throw new UnsupportedOperationException("no multipart uploads");
  }

  @Override
  public Upload resume(String path, String token) {
    UploadToken.read(server, "none", token);
    throw new UnsupportedOperationException("no multipart uploads");
  }
}
