package dev.portage.kind;

import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.turns.ModelTags;
import dev.portage.unitycatalog.CatalogTags;
import java.util.Optional;

/**
 * Tags of a registered model, in the registry that its name selects: three parts mean Unity
 * Catalog.
 */
final class TagsByName implements ModelTags {

  private final MlflowServers servers;

  private final boolean hasCatalog;

  /**
   * Tags on these servers.
   *
   * @param hasCatalog whether a name of three parts is one of Unity Catalog; for another server it
   *     is a name like others
   */
  TagsByName(MlflowServers servers, boolean hasCatalog) {
    this.servers = servers;
    this.hasCatalog = hasCatalog;
  }

  @Override
  public Optional<String> read(String workspace, String model, String key) {
    MlflowServer server = servers.of(workspace);
    return isOfCatalog(model)
        ? CatalogTags.read(server, model, key)
        : server.registeredModels().tagOf(model, key);
  }

  @Override
  public void write(String workspace, String model, String key, String value) {
    MlflowServer server = servers.of(workspace);
    if (isOfCatalog(model)) {
      CatalogTags.write(server, model, key, value);
    } else {
      server.registeredModels().tag(model, key, value);
    }
  }

  private boolean isOfCatalog(String model) {
    return hasCatalog && model.chars().filter(c -> c == '.').count() == 2;
  }
}
