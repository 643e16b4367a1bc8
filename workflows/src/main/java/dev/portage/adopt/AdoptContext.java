package dev.portage.adopt;

import dev.portage.lane.Grant;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For what a thing is adopted.
 *
 * @param settings what the platform file says
 * @param model the model's name in {@code promotion.yaml}, which the tags hold
 * @param version the version that is recorded as live
 * @param key what is stored of a thing is stored under this key
 * @param grant the turn in hand; null where things are only looked at
 */
record AdoptContext(
    AdoptSettings settings, String model, String version, String key, @Nullable Grant grant) {

  Station target() {
    return settings.target();
  }

  String workspace() {
    return target().workspace();
  }

  String queue() {
    return Queues.of(workspace());
  }

  Duration retryTimeout() {
    return settings.retryTimeout();
  }
}
