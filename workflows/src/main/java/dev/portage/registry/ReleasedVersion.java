package dev.portage.registry;

import org.jspecify.annotations.Nullable;

/**
 * A version that was released, according to its label.
 *
 * @param version the version
 * @param runId run that holds its model, and so the record of its release; null if it names none
 * @param label {@link Tags#LIVE} or {@link Tags#SUPERSEDED}
 */
public record ReleasedVersion(String version, @Nullable String runId, String label) {

  /** Whether it says that it is live. */
  public boolean saysLive() {
    return Tags.LIVE.equals(label);
  }
}
