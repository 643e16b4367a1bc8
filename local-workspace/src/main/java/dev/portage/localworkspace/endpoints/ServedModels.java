package dev.portage.localworkspace.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.artifacts.Tracking;
import dev.portage.localworkspace.models.ModelsApi;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.serving.ModelVersion;
import org.jspecify.annotations.Nullable;

/** The versions that can be served: those of Unity Catalog and of the workspace's registry. */
public final class ServedModels {
  private final @Nullable ModelsApi catalog;
  private final Tracking tracking;

  /**
   * Those of a workspace.
   *
   * @param catalog its models in Unity Catalog; null for none
   */
  public ServedModels(@Nullable ModelsApi catalog, Tracking tracking) {
    this.catalog = catalog;
    this.tracking = tracking;
  }

  /**
   * An existing version whose files are all there.
   *
   * @throws ApiRefusal RESOURCE_DOES_NOT_EXIST where there is none
   */
  ModelVersion find(String model, String version) throws InterruptedException {
    if (catalog != null && model.chars().filter(c -> c == '.').count() == 2) {
      return new ModelVersion(
          model, version, catalog.source(model, version), catalog.files(model, version));
    }
    JsonNode found = tracking.modelVersion(model, version);
    String status = found.path("status").asText("READY");
    if (!status.equals("READY")) {
      throw ApiRefusal.invalidParameter(
          "Version " + version + " of model " + model + " is not READY but " + status + ".");
    }
    return new ModelVersion(
        model,
        version,
        found.path("source").asText() + " " + found.path("creation_timestamp").asText(),
        null);
  }
}
