package dev.portage.serving;

import dev.portage.live.SettingsRef;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as it was found, and where all of its settings are stored.
 *
 * @param state null where there was none
 * @param settings null likewise
 */
public record StoredEndpoint(@Nullable EndpointState state, @Nullable SettingsRef settings) {

  /** What it serves; nothing where there is none. */
  public EndpointConfig config() {
    return state == null ? EndpointConfig.NONE : state.config();
  }
}
