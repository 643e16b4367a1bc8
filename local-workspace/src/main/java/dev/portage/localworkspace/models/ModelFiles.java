package dev.portage.localworkspace.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of versions: on the workspace's disk. */
final class ModelFiles {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final ModelBook book;

  ModelFiles(ModelBook book) {
    this.book = book;
  }

  /** The address of a version's files: where Databricks keeps them itself, it leads nowhere. */
  static String location(ModelVersion version) {
    return "abfss://models@local.dfs.core.windows.net/" + version.key();
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
    Path file = book.files(model.name(), version.number()).resolve("MLmodel");
    return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
  }

  void delete(RegisteredModel model, ModelVersion version) throws IOException {
    book.deleteFiles(model.name(), version.number());
  }
}
