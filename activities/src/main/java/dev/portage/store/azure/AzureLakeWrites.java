package dev.portage.store.azure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grant;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedCalls;
import dev.portage.store.signed.UploadToken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import okhttp3.Request;

/**
 * Files in Azure Data Lake Storage Gen2: <a
 * href="https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/create">created</a>
 * empty, then <a
 * href="https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update">appended
 * to and flushed</a>. Each append names its position, so appends can run in parallel; a flush
 * requires that the data has no gap and that its position is the whole length. Until then, everyone
 * sees an empty file.
 */
public final class AzureLakeWrites extends AzureWrites {
  private static final String KIND = "azure-lake";
  private static final Set<String> GONE = Set.of("InvalidFlushPosition");

  public AzureLakeWrites(MlflowServer server, Grants grants) {
    super(server, grants);
  }

  @Override
  public void write(String path, long size, Body body) {
    Attempt attempt = attempt("write", path);
    create(attempt, path);
    if (size > 0) {
      calls.sendGood(
          attempt,
          path,
          "PATCH",
          to(Map.of("action", "append", "position", "0", "flush", "true")),
          size,
          body);
    }
  }

  private void create(Attempt attempt, String path) {
    calls.sendGood(attempt, path, "PUT", to(Map.of("resource", "file")), 0, SignedCalls.NOTHING);
  }

  /** Headers of a blob have no place here. */
  private static Function<Grant, Request.Builder> to(Map<String, String> query) {
    return to(query, header -> !header.startsWith("x-ms-blob-") && !header.startsWith("content-"));
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    create(attempt("start writing", path), path);
    return new Appends(path, size, partBytes);
  }

  @Override
  public Upload resume(String path, String token) {
    ObjectNode kept = UploadToken.read(server, KIND, token);
    return new Appends(path, kept.path("size").asLong(), kept.path("part").asLong());
  }

  private final class Appends implements Upload {
    private final String path;
    private final long size;
    private final long partBytes;

    private Appends(String path, long size, long partBytes) {
      this.path = path;
      this.size = size;
      this.partBytes = partBytes;
    }

    @Override
    public String token() {
      ObjectNode token = UploadToken.of(KIND);
      return token.put("size", size).put("part", partBytes).toString();
    }

    @Override
    public String part(int number, long length, Body body) {
      Attempt attempt = attemptPart(number, path);
      String position = String.valueOf((number - 1) * partBytes);
      requireGood(
          attempt,
          calls.send(
              attempt,
              path,
              "PATCH",
              to(Map.of("action", "append", "position", position)),
              length,
              body));
      return "";
    }

    @Override
    public void complete(List<String> tags) {
      Attempt attempt = attempt("complete", path);
      requireGood(
          attempt,
          calls.send(
              attempt,
              path,
              "PATCH",
              to(Map.of("action", "flush", "position", String.valueOf(size))),
              0,
              SignedCalls.NOTHING));
    }

    @Override
    public void abort() {
      // Data that was not flushed is discarded by the next creation, or expires.
    }

    private static void requireGood(Attempt attempt, HttpAnswer answer) {
      if (answer.status() == 404) {
        throw new UploadGone(SignedErrors.failure(attempt, answer));
      }
      AzureWrites.requireGood(attempt, answer, GONE);
    }
  }
}
