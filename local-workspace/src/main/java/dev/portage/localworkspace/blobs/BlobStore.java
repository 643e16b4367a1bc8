package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Files by key, as {@code 1/4f…/artifacts/model/MLmodel}. Whoever is given a signed URL reads and
 * writes through the {@link BlobGate}; the workspace itself looks through here.
 */
public interface BlobStore {
  /**
   * The credential type that Databricks names it by, as {@code AZURE_SAS_URI}.
   *
   * @see <a
   *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks_artifacts.proto">databricks_artifacts.proto</a>
   */
  String credentialType();

  /** Signs a URL for a key, whether there is a file or not. */
  SignedUrl sign(String key, Access access);

  /**
   * What lies directly below a directory, in no special order; empty where there is none.
   *
   * @throws IOException when the store does not answer
   */
  List<BlobEntry> list(String directory) throws IOException;

  /**
   * The size of a file, where there is one of exactly that key.
   *
   * @throws IOException when the store does not answer
   */
  OptionalLong size(String key) throws IOException;

  /**
   * The first bytes of a file that is there.
   *
   * @throws IOException when the store does not answer or there is no such file
   */
  byte[] read(String key, int most) throws IOException;

  /**
   * Deletes all below a directory.
   *
   * @throws IOException when the store does not answer
   */
  void deleteAll(String directory) throws IOException;
}
