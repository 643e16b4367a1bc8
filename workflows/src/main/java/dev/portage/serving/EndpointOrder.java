package dev.portage.serving;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import dev.portage.live.SettingsRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order to make an endpoint serve this.
 *
 * @param at which endpoint; created if it is not there
 * @param wanted what it is to serve; nothing to delete it
 * @param added how a version is to be served, also one that is there with other settings; null for
 *     none
 * @param settings where the settings of the other versions are stored: they are served as stored,
 *     also those that somebody removed or changed. Null to take them as they are
 * @param found what may be there: anything else was changed by somebody else, and stays; null for
 *     whatever it is
 * @param holder id of the workflow that orders it
 * @param grant the turn in hand
 */
public record EndpointOrder(
    EndpointQuery at,
    EndpointConfig wanted,
    @Nullable NewVersion added,
    @Nullable SettingsRef settings,
    @Nullable List<EndpointConfig> found,
    String holder,
    @Nullable Grant grant)
    implements UnderTurn {

  public EndpointOrder {
    found = found == null ? null : List.copyOf(found);
  }

  /** Its workspace. */
  public String workspace() {
    return at.workspace();
  }

  /** Its name. */
  public String endpoint() {
    return at.endpoint();
  }

  /** Name of the model, as in its tag. */
  public String model() {
    return at.model();
  }
}
