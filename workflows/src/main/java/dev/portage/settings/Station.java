package dev.portage.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workspace as a promotion uses it. Host, login and pool are read at use and are not in the
 * history.
 *
 * @param workspace its name in the platform file
 * @param kind what kind it is, such as "databricks"
 * @param capabilities what that kind can do
 * @param model full name of the registered model there
 * @param marking how its registry marks the champion
 * @param names what this promotion's things are called there; null from a writer that had the same
 *     names in all workspaces
 */
public record Station(
    String workspace,
    String kind,
    @JsonProperty("abilities") Set<Capability> capabilities,
    String model,
    Marking marking,
    @Nullable WorkspaceNames names) {

  /** With the names that are common to all. */
  public Station(
      String workspace, String kind, Set<Capability> capabilities, String model, Marking marking) {
    this(workspace, kind, capabilities, model, marking, null);
  }

  /** What a kind of workspace can do. */
  public enum Capability {
    TRACK,
    REGISTER,
    RUN_JOBS,
    QUERY_TABLES,
    SERVE
  }

  public Station {
    capabilities = Set.copyOf(capabilities);
  }

  /** It, with names of its own. */
  public Station named(WorkspaceNames its) {
    return new Station(workspace, kind, capabilities, model, marking, its);
  }

  /**
   * Whether a version registered here gets files of its own, as in Unity Catalog, whose names have
   * three parts: registering moves bytes then.
   */
  public boolean carriesFilesToRegister() {
    return kind.equals("databricks") && ModelName.isOfUnityCatalog(model);
  }
}
