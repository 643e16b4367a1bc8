package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Files as Google Cloud Storage handles them, on disk: written whole, read in ranges.
 *
 * @see <a href="https://cloud.google.com/storage/docs/xml-api/put-object-upload">XML API, PUT
 *     object</a>
 */
final class GoogleStore extends DiskStore {
  private static final Set<String> SIGNATURE =
      Set.of(
          "X-Goog-Algorithm",
          "X-Goog-Credential",
          "X-Goog-Date",
          "X-Goog-Expires",
          "X-Goog-SignedHeaders",
          "X-Goog-Signature");

  private final Presigned signer;

  GoogleStore(BlobGate gate, Path folder, String key, String bucket, Duration life)
      throws IOException {
    super(gate, folder, bucket, life);
    this.signer = new Presigned(Presigned.Words.GOOGLE, "auto", "GOOG1LOCAL", key);
    gate.open(this);
  }

  @Override
  public String credentialType() {
    return "GCP_SIGNED_URL";
  }

  @Override
  public SignedUrl sign(String key, Access access) {
    String path = "/" + name() + "/" + container + "/" + Escapes.path(key);
    String method = access == Access.READ ? "GET" : "PUT";
    Instant now = gate.clock().instant();
    String query =
        gate.urls()
            .issue(more ->
                signer.sign(method, gate.host(), path, Map.of(), now, life.plusSeconds(more)));
    return new SignedUrl(gate.base() + path + "?" + query, Map.of());
  }

  @Override
  public String name() {
    return "gcs";
  }

  @Override
  public Dialect dialect() {
    return Dialect.GOOGLE;
  }

  @Override
  public BlobRefusal expired() {
    return signer.expired();
  }

  @Override
  public void serve(BlobCall call) throws IOException {
    String path = "/" + name() + "/" + Escapes.path(call.place());
    signer.check(
        call.method(),
        String.valueOf(call.exchange().header("Host")),
        path,
        call.query(),
        call.at());
    call.onlyQuery(SIGNATURE);
    Path file = files.at(key(call.place()));
    switch (call.method()) {
      case "GET" -> call.file(file, dialect());
      case "PUT" -> {
        if (Files.isDirectory(file)) {
          // A real bucket has no directories; this one keeps its files in a file system.
          throw new BlobRefusal(409, "PathConflict", "There are files below this name.");
        }
        Path arrived = files.arrive(call.input(), call.length());
        files.put(arrived, key(call.place()));
        call.exchange().header("ETag", "\"" + System.nanoTime() + "\"");
        call.done(200);
      }
      default -> throw new BlobRefusal(405, "MethodNotAllowed", "Unknown operation.");
    }
  }
}
