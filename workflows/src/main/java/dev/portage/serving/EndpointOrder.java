package dev.portage.serving;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import dev.portage.live.SettingsRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order to change what an endpoint serves.
 *
 * @param at which endpoint; created if there is none
 * @param wanted what it is to serve; nothing to delete it
 * @param added settings of one version, which replace those that it may have there; null for none
 * @param settings where the settings of the other versions are stored: they are served as stored,
 *     even if somebody removed or changed them since. Null to serve them as they are
 * @param found what the endpoint may serve before: anything else was changed by somebody, and
 *     stays; null for anything
 * @param holder id of the workflow that orders it
 * @param grant the turn in hand
 * @param takesBackTo who had changed it last, as its tag said, where this takes back what the
 *     holder changed: once its traffic is as it was, the tag says so again. Empty for none; null
 *     where nothing is taken back
 */
public record EndpointOrder(
    EndpointQuery at,
    EndpointConfig wanted,
    @Nullable NewVersion added,
    @Nullable SettingsRef settings,
    @Nullable List<EndpointConfig> found,
    String holder,
    @Nullable Grant grant,
    @Nullable String takesBackTo)
    implements UnderTurn {

  /** One that takes nothing back. */
  public EndpointOrder(
      EndpointQuery at,
      EndpointConfig wanted,
      @Nullable NewVersion added,
      @Nullable SettingsRef settings,
      @Nullable List<EndpointConfig> found,
      String holder,
      @Nullable Grant grant) {
    this(at, wanted, added, settings, found, holder, grant, null);
  }

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
