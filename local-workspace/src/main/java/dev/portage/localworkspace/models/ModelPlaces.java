package dev.portage.localworkspace.models;

import dev.portage.localworkspace.files.FilePath;
import dev.portage.localworkspace.files.FilePlaces;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.rights.Caller;
import dev.portage.localworkspace.rights.Right;
import java.util.List;

/**
 * Versions as places of the Files API: {@code /Models/<catalog>/<schema>/<model>/<version>}. Their
 * creator writes them before they are final; anyone who may execute the model reads them.
 *
 * @see <a
 *     href="https://github.com/mlflow/mlflow/blob/master/mlflow/store/artifact/databricks_sdk_models_artifact_repo.py">databricks_sdk_models_artifact_repo.py</a>
 */
final class ModelPlaces implements FilePlaces {
  private final ModelBook book;

  ModelPlaces(ModelBook book) {
    this.book = book;
  }

  @Override
  public String name() {
    return "Models";
  }

  @Override
  public FilePath find(List<String> parts) {
    if (parts.size() < 5) {
      throw ApiRefusal.invalidParameter(
          "The path must be /Models/<catalog>/<schema>/<model>/<version>/…, not '/"
              + String.join("/", parts)
              + "'");
    }
    String model = String.join(".", parts.subList(1, 4));
    ModelVersion version;
    try {
      version = book.version(model, parts.get(4));
    } catch (ApiRefusal missing) {
      // The Files API has its own word for it.
      throw ApiRefusal.notFound("NOT_FOUND", missing.text());
    }
    return new FilePath(
        "/" + String.join("/", parts.subList(0, 5)),
        book.files(model, version.number()),
        parts.subList(5, parts.size()));
  }

  @Override
  public void judge(FilePath path, Caller caller, boolean writes) {
    String[] parts = path.place().split("/", -1);
    ModelVersion version = book.version(parts[2] + "." + parts[3] + "." + parts[4], parts[5]);
    if (!writes) {
      // Its maker reads a version in any state.
      if (!version.maker().equals(caller.user())) {
        caller.require(Right.MODELS_EXECUTE);
      }
      return;
    }
    // How Databricks words these two is assumed.
    if (!version.maker().equals(caller.user())) {
      throw ApiRefusal.permissionDenied(
          "User " + caller.user() + " did not create this model version and can't write its files");
    }
    if (version.ready()) {
      throw ApiRefusal.permissionDenied(
          "The model version is READY: its files can no longer be changed");
    }
  }
}
