package dev.portage.databricks;

import dev.portage.live.SettingsRef;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import dev.portage.settings.ServeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes of the endpoint: version 4 is added to what it serves, and waited for. */
class EndpointChanges extends EndpointWorld {
  static final EndpointQuery QUERY = new EndpointQuery("dev", "churn", "churn");
  static final String HOLDER = "promotion/churn/0123456789ab";

  /** Version 4 with settings that no other version here has. */
  static final NewVersion FOUR =
      new NewVersion(
          "churn-4",
          "prod.ml.churn",
          "4",
          ServeSettings.Size.MEDIUM,
          false,
          Map.of("TOKEN", "{{secrets/churn/token}}"));

  /** Version 4 with the settings that {@link #serves} gives to every version. */
  static final NewVersion USUAL =
      new NewVersion("churn-4", "prod.ml.churn", "4", ServeSettings.Size.SMALL, false, Map.of());

  EndpointConfig served() {
    return endpoints.findEndpoint(QUERY).orElseThrow().config();
  }

  static EndpointOrder order(
      EndpointConfig wanted, @Nullable List<EndpointConfig> found, @Nullable SettingsRef settings) {
    return new EndpointOrder(QUERY, wanted, FOUR, settings, found, HOLDER, null);
  }

  EndpointReady await(EndpointConfig wanted) {
    return await(wanted, FOUR, null);
  }

  /** Waits for version 4 with the usual settings. */
  EndpointReady awaitUsual(EndpointConfig wanted) {
    return await(wanted, USUAL, null);
  }

  EndpointReady await(EndpointConfig wanted, NewVersion added, @Nullable EndpointChanged changed) {
    return endpoints.awaitEndpoint(
        new EndpointWait(
            "dev",
            "churn",
            "churn",
            wanted,
            added,
            waiting.now().plus(Duration.ofHours(1)),
            changed == null ? null : changed.failedBefore()));
  }
}
