package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Files by key, such as {@code 1/4f…/artifacts/model/MLmodel}. Holders of a signed URL read and
 * write through the {@link BlobGate}; the workspace itself reads through this.
 */
public interface BlobStore {
  /**
   * The credential type that Databricks names it by, such as {@code AZURE_SAS_URI}.
   *
   * @see <a
   *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks_artifacts.proto">databricks_artifacts.proto</a>
   */
  String credentialType();

  /** Signs a URL for a key, whether there is a file or not. */
  SignedUrl sign(String key, Access access);

  /**
   * The direct contents of a directory, in no particular order; empty if there is none.
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
}
