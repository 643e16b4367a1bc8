package dev.portage.store.azure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.UploadToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Azure block blobs: small ones through <a
 * href="https://learn.microsoft.com/rest/api/storageservices/put-blob">Put Blob</a>, large ones
 * through <a href="https://learn.microsoft.com/rest/api/storageservices/put-block">Put Block</a>
 * and <a href="https://learn.microsoft.com/rest/api/storageservices/put-block-list">Put Block
 * List</a>. Blocks may arrive in any order and in parallel; blocks that no list ever names
 * disappear after a week.
 */
public final class AzureBlobWrites extends AzureWrites {
  private static final String KIND = "azure-blocks";
  private static final Set<String> GONE = Set.of("InvalidBlockList", "InvalidBlobOrBlock");

  public AzureBlobWrites(MlflowServer server, Grants grants) {
    super(server, grants);
  }

  @Override
  public void write(String path, long size, Body body) {
    calls.sendGood(
        attempt("write", path),
        path,
        "PUT",
        grant -> grant.request().header("x-ms-blob-type", "BlockBlob"),
        size,
        body);
  }

  @Override
  public Upload begin(String path, long size, long partBytes, int parts) {
    // No call is made: a blob has blocks as soon as one is put. The ids must differ from those of
    // another attempt's blocks, which may have been cut differently.
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 26);
    return new Blocks(path, id);
  }

  @Override
  public Upload resume(String path, String token) {
    return new Blocks(path, UploadToken.read(server, KIND, token).path("id").asText());
  }

  private final class Blocks implements Upload {
    private final String path;
    private final String id;

    private Blocks(String path, String id) {
      this.path = path;
      this.id = id;
    }

    @Override
    public String token() {
      ObjectNode token = UploadToken.of(KIND);
      return token.put("id", id).toString();
    }

    /**
     * All of one length, as Azure requires; the length is that of the ids of MLflow's own client.
     */
    private String block(int number) {
      String name = id + "%06d".formatted(number);
      return Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String part(int number, long size, Body body) {
      Attempt attempt = attemptPart(number, path);
      String block = block(number);
      HttpAnswer answer =
          calls.send(
              attempt,
              path,
              "PUT",
              to(Map.of("comp", "block", "blockid", block), AzureBlobWrites::isOfBlock),
              size,
              body);
      requireGood(attempt, answer, GONE);
      return block;
    }

    @Override
    public void complete(List<String> tags) {
      Attempt attempt = attempt("complete", path);
      StringBuilder xml =
          new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
      tags.forEach(block -> xml.append("<Uncommitted>").append(block).append("</Uncommitted>"));
      byte[] list = xml.append("</BlockList>").toString().getBytes(StandardCharsets.US_ASCII);
      HttpAnswer answer =
          calls.send(
              attempt,
              path,
              "PUT",
              to(
                  Map.of("comp", "blocklist"),
                  header -> !header.equals("x-ms-blob-type") && !header.startsWith("content-")),
              list.length,
              Body.of(list));
      requireGood(attempt, answer, GONE);
    }

    @Override
    public void abort() {
      // Azure has no such call; blocks that no list names disappear on their own.
    }
  }

  /** Headers of a whole blob have no place at one of its blocks. */
  private static boolean isOfBlock(String header) {
    return header.startsWith("x-ms-encryption-")
        || header.equals("x-ms-lease-id")
        || header.equals("x-ms-version")
        || header.equals("x-ms-date")
        || header.equals("x-ms-client-request-id")
        || header.equals("authorization");
  }
}
