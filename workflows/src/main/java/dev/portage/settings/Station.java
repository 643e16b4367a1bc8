package dev.portage.settings;

import dev.portage.registry.Marking;
import dev.portage.registry.ModelName;
import java.util.Set;

/**
 * A workspace as a promotion uses it. Host, login and pool are read at use and stand nowhere in
 * history.
 *
 * @param workspace its name in the platform file
 * @param kind what kind it is, as "databricks"
 * @param abilities what that kind can do
 * @param model full name of the registered model there
 * @param marking how its registry marks the champion
 */
public record Station(
    String workspace, String kind, Set<Ability> abilities, String model, Marking marking) {

  /** What a kind of workspace can do. */
  public enum Ability {
    TRACK,
    REGISTER,
    RUN_JOBS,
    QUERY_TABLES
  }

  public Station {
    abilities = Set.copyOf(abilities);
  }

  /**
   * Whether a version registered here gets files of its own, as in Unity Catalog, whose names have
   * three parts: registering moves bytes then.
   */
  public boolean carriesFilesToRegister() {
    return kind.equals("databricks") && ModelName.isOfUnityCatalog(model);
  }
}
