package dev.portage.localworkspace.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.portage.localworkspace.blobs.Access;
import dev.portage.localworkspace.blobs.BlobStore;
import dev.portage.localworkspace.blobs.Vended;
import dev.portage.localworkspace.blobs.Vends;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of versions: on the workspace's disk, or in the store whose credentials are vended. */
final class ModelFiles {
  private static final int LARGEST_MLMODEL = 1024 * 1024;
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final ModelBook book;
  private final @Nullable BlobStore store;

  /**
   * Files of versions.
   *
   * @param store null where they are on disk
   */
  ModelFiles(ModelBook book, @Nullable BlobStore store) {
    this.book = book;
    this.store = store;
  }

  /** The address of a version's files in the cloud. */
  String location(ModelVersion version) {
    // Where Databricks keeps files itself, its address leads nobody anywhere either.
    return store instanceof Vends vends
        ? vends.location(version.key())
        : "abfss://models@local.dfs.core.windows.net/" + version.key();
  }

  /**
   * Credentials for a version's files.
   *
   * @throws ApiRefusal PERMISSION_DENIED where none are vended
   */
  Vended vend(ModelVersion version, Access access) {
    if (store instanceof Vends vends) {
      return vends.vend(version.key(), access);
    }
    // That a metastore which serves files by the Files API vends nothing is announced in
    // https://github.com/mlflow/mlflow/pull/25986; the words are assumed.
    throw ApiRefusal.permissionDenied(
        "Temporary credentials for model versions are not available here; use the Files API");
  }

  /**
   * Refuses files that make no model: Unity Catalog needs a signature of inputs and outputs.
   *
   * @see <a href="https://docs.databricks.com/machine-learning/manage-model-lifecycle/">Manage
   *     model lifecycle in Unity Catalog</a>
   */
  void check(RegisteredModel model, ModelVersion version) throws IOException {
    byte[] mlmodel = read(model, version);
    if (mlmodel == null) {
      throw ApiRefusal.invalidParameter(
          "The model version can't be finalized: no file 'MLmodel' among its files");
    }
    JsonNode signature;
    try {
      signature = YAML.readTree(mlmodel).path("signature");
    } catch (JsonProcessingException e) {
      throw ApiRefusal.invalidParameter(
          "The model version can't be finalized: its file 'MLmodel' is not YAML");
    }
    if (!signature.hasNonNull("inputs") || !signature.hasNonNull("outputs")) {
      throw ApiRefusal.invalidParameter(
          "The model version can't be finalized: all models in Unity Catalog must have a signature"
              + " with both inputs and outputs");
    }
  }

  private byte @Nullable [] read(RegisteredModel model, ModelVersion version) throws IOException {
    if (store != null) {
      String key = version.key() + "/MLmodel";
      return store.size(key).isPresent() ? store.read(key, LARGEST_MLMODEL) : null;
    }
    Path file = book.files(model.name(), version.number()).resolve("MLmodel");
    return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
  }

  void delete(RegisteredModel model, ModelVersion version) throws IOException {
    if (store != null) {
      store.deleteAll(version.key());
    } else {
      book.deleteFiles(model.name(), version.number());
    }
  }
}
