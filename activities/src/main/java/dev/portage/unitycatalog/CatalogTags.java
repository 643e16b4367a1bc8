package dev.portage.unitycatalog;

import dev.portage.mlflow.MlflowServer;
import java.util.Optional;

/** Tags of registered models in Unity Catalog, through the interface of MLflow's own client. */
public final class CatalogTags {

  private CatalogTags() {}

  /** A tag's value; empty when the model has none by that key. */
  public static Optional<String> read(MlflowServer server, String model, String key) {
    return new CatalogModels(server).tagOf(model, key);
  }

  /** Sets a tag; repeating is harmless. Wants the right APPLY TAG, as tags of versions do. */
  public static void write(MlflowServer server, String model, String key, String value) {
    new CatalogModels(server).tag(model, key, value);
  }
}
