package dev.portage.store.bucket;

import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.http.SignedErrors;
import dev.portage.store.signed.Grants;
import dev.portage.store.signed.SignedWrites;
import dev.portage.store.signed.VendedPlace;
import dev.portage.store.signed.Vending;
import java.util.HashMap;
import java.util.Map;

/** A folder in a bucket: objects whose keys share a prefix. */
final class VendedBucket implements VendedPlace {
  private final MlflowServer server;
  private final Bucket bucket;
  private final String folder;
  private final BucketCalls calls;
  private final BucketWrites writes;

  /**
   * The folder.
   *
   * @param folder what all keys begin with, without a slash at the end
   */
  VendedBucket(MlflowServer server, Bucket bucket, String folder, Vending vending) {
    this.server = server;
    this.bucket = bucket;
    this.folder = folder;
    this.calls = new BucketCalls(server, bucket, folder, vending);
    this.writes = new BucketWrites(server, calls);
  }

  @Override
  public String storage() {
    return bucket.storage();
  }

  @Override
  public String folder() {
    return folder;
  }

  @Override
  public Grants reads() {
    return calls.grants("GET");
  }

  @Override
  public SignedWrites writes() {
    return writes;
  }

  /**
   * <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">ListObjectsV2</a>,
   * which <a href="https://cloud.google.com/storage/docs/xml-api/get-bucket-list">Google</a> has
   * too.
   */
  @Override
  public Page page(Attempt attempt, String path, String token) {
    Map<String, String> query =
        new HashMap<>(Map.of("list-type", "2", "delimiter", "/", "prefix", path));
    if (!token.isEmpty()) {
      query.put("continuation-token", token);
    }
    HttpAnswer answer = calls.ask(attempt, BucketCalls.BUCKET, query);
    if (!answer.isSuccess()) {
      throw SignedErrors.failure(attempt, answer);
    }
    return BucketXml.of(server, attempt, answer).page(path);
  }

  @Override
  public Grants deletes() {
    return calls.grants("DELETE");
  }
}
