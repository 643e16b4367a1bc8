package dev.portage.localworkspace.blobs;

import dev.portage.localworkspace.protocol.Secret;
import java.net.URI;

/** Which store holds the files. */
public sealed interface BlobSettings {
  /** On the workspace's own disk, in the manner of Azure Data Lake Storage Gen2. */
  record Adls(String container) implements BlobSettings {}

  /** On the workspace's own disk, in the manner of Google Cloud Storage. */
  record Gcs(String bucket) implements BlobSettings {}

  /**
   * In a real Azure blob store.
   *
   * @param endpoint of the account, such as {@code http://127.0.0.1:10000/devstoreaccount1}
   * @param key the account's key in Base64
   * @param container made where it is missing
   */
  record Azure(URI endpoint, String account, Secret key, String container)
      implements BlobSettings {}

  /**
   * In a real store that speaks S3.
   *
   * @param endpoint without a path
   * @param key the secret access key
   * @param bucket made where it is missing
   */
  record S3(URI endpoint, String region, String accessKeyId, Secret key, String bucket)
      implements BlobSettings {}
}
