package dev.portage.kind;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.registry.Champion;
import dev.portage.registry.GivenUp;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.ModelName;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.ReleasedQuery;
import dev.portage.registry.ReleasedVersion;
import dev.portage.registry.SettledVersion;
import dev.portage.registry.UnmarkOrder;
import dev.portage.registry.Unmarked;
import dev.portage.registry.VersionLabels;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.TrainedRun;
import java.util.List;
import java.util.Optional;

/**
 * Selects the registry by the model's name. Names come from {@code models} in the platform file,
 * which is read at each use: three parts mean Unity Catalog, and {@link
 * dev.portage.platform.Workspace#allowsModel} allows three parts in no other name. A promotion that
 * began before the file changed keeps its names, and so its registry.
 */
final class RegistryByName implements RegistryActivities {

  private final RegistryActivities own;
  private final RegistryActivities catalog;

  /**
   * Chooses between the two registries of a Databricks workspace.
   *
   * @param own the workspace's own
   * @param catalog Unity Catalog
   */
  RegistryByName(RegistryActivities own, RegistryActivities catalog) {
    this.own = own;
    this.catalog = catalog;
  }

  private RegistryActivities of(String model) {
    return ModelName.isOfUnityCatalog(model) ? catalog : own;
  }

  @Override
  public ModelVersion registerVersion(VersionOrder order) {
    return of(order.model()).registerVersion(order);
  }

  @Override
  public SettledVersion settleVersion(VersionOrder order) {
    return of(order.model()).settleVersion(order);
  }

  @Override
  public DuplicatesRemoved removeVersionTwins(VersionOrder order) {
    return of(order.model()).removeVersionTwins(order);
  }

  @Override
  public GivenUp giveUpVersion(VersionOrder order) {
    return of(order.model()).giveUpVersion(order);
  }

  @Override
  public ModelVersion version(VersionQuery query) {
    return of(query.model()).version(query);
  }

  @Override
  public ModelVersion versionNamed(VersionQuery query) {
    return of(query.model()).versionNamed(query);
  }

  @Override
  public boolean isRegistered(String workspace, String model) {
    return of(model).isRegistered(workspace, model);
  }

  @Override
  public TrainedRun runOf(VersionQuery query) {
    return of(query.model()).runOf(query);
  }

  @Override
  public Optional<Champion> champion(ModelQuery query) {
    return of(query.model()).champion(query);
  }

  @Override
  public Marked mark(MarkOrder order) {
    return of(order.model()).mark(order);
  }

  @Override
  public Unmarked unmark(UnmarkOrder order) {
    return of(order.model()).unmark(order);
  }

  @Override
  public List<ModelVersion> versionsOf(PromotionQuery query) {
    return of(query.model()).versionsOf(query);
  }

  @Override
  public List<ReleasedVersion> releasedVersions(ReleasedQuery query) {
    return of(query.model()).releasedVersions(query);
  }

  @Override
  public void labelVersion(VersionLabels labels) {
    of(labels.model()).labelVersion(labels);
  }
}
