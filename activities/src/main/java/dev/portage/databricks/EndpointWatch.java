package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointState;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Waits until a change of an endpoint has ended. An unknown state means: ask again. */
final class EndpointWatch {
  /** A change of shares takes a moment, the start of a version minutes. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** By then, an endpoint must show a change that it accepted. */
  private static final Duration SHOWN = Duration.ofMinutes(1);

  private final ActivityWait waiting;

  EndpointWatch(ActivityWait waiting) {
    this.waiting = waiting;
  }

  /** Waits, with heartbeats, until the change has ended or its time is over. */
  EndpointReady await(DatabricksApi api, EndpointWait wait) {
    Duration waited = Duration.ZERO;
    while (true) {
      JsonNode found = ServingEndpoints.read(api, wait.endpoint()).orElse(null);
      if (found == null) {
        throw ServingEndpoints.failure(
            api,
            FailureKind.USER,
            "wait for endpoint " + wait.endpoint(),
            "it was deleted meanwhile",
            "Find out by whom, then resume.");
      }
      EndpointReady ready = ready(api, wait, found, waited.compareTo(SHOWN) > 0);
      if (ready != null) {
        return ready;
      }
      if (waiting.now().isAfter(wait.until())) {
        return new EndpointReady(
            ServingEndpoints.state(api, found, wait.model()),
            "it is not ready yet: "
                + states(found)
                + new EndpointLogs(api, wait.endpoint(), waiting)
                    .why(pendingOr(found), wait.wanted()));
      }
      Duration pause = waited.compareTo(SHORT) < 0 ? FIRST_PAUSE : PAUSE;
      waiting.pause(pause, "endpoint " + wait.endpoint() + ": " + states(found));
      waited = waited.plus(pause);
    }
  }

  /** How the change ended; null while it goes on, or if a state is unknown. */
  private @Nullable EndpointReady ready(
      DatabricksApi api, EndpointWait wait, JsonNode found, boolean shown) {
    EndpointConfig now = EndpointJson.config(found.path("config"));
    // A version that was there before may still be served with its former settings.
    boolean isSo =
        now.isLike(wait.wanted()) && EndpointJson.serves(found.path("config"), wait.added());
    String update = EndpointJson.state(found.path("state").path("config_update"));
    EndpointState state = ServingEndpoints.state(api, found, wait.model());
    if (EndpointJson.isFailed(update)) {
      if (isSo) {
        return ofDeployments(api, wait, found, state);
      }
      String before = wait.failedBefore();
      if (before != null && before.equals(EndpointJson.failed(found))) {
        return shown
            ? new EndpointReady(
                state,
                "it serves "
                    + now.text()
                    + " and still shows an earlier, failed update as its last")
            : null;
      }
      return new EndpointReady(
          state,
          (update.equals("UPDATE_FAILED")
                  ? "the update failed"
                  : "the update was cancelled in the workspace")
              + new EndpointLogs(api, wait.endpoint(), waiting)
                  .why(pendingOr(found), wait.wanted()));
    }
    if (!update.equals("NOT_UPDATING")) {
      return null;
    }
    if (isSo) {
      return ofDeployments(api, wait, found, state);
    }
    return shown
        ? new EndpointReady(
            state,
            now.isLike(wait.wanted())
                ? "it serves "
                    + now.text()
                    + " with another size or environment than was ordered: somebody changed it"
                    + " meanwhile"
                : "it serves " + now.text() + " instead: somebody changed it meanwhile")
        : null;
  }

  /** What an endpoint is being changed to, or what it serves if no update is under way. */
  static JsonNode pendingOr(JsonNode found) {
    JsonNode pending = found.path("pending_config");
    return pending.isMissingNode() ? found.path("config") : pending;
  }

  /**
   * Reads the state of each version that has to be ready, rather than the endpoint's, which counts
   * versions at rest, too: one that died at 0 % must not hold up the one that takes its place.
   */
  private @Nullable EndpointReady ofDeployments(
      DatabricksApi api, EndpointWait wait, JsonNode found, EndpointState state) {
    boolean ready = found.at("/state/ready").asText().equals("READY");
    boolean all = true;
    List<String> resting = new ArrayList<>();
    for (JsonNode entity : EndpointJson.entities(found.path("config"))) {
      String name = entity.path("name").asText();
      String deployment = EndpointJson.state(entity.path("state").path("deployment"));
      boolean counts =
          isAdded(wait, name)
              || wait.wanted().named(name).filter(one -> one.percent() == 0).isEmpty();
      if (!counts) {
        if (!deployment.equals("READY")) {
          resting.add(name + " is " + deployment);
        }
        continue;
      }
      if (deployment.equals("FAILED") || deployment.equals("ABORTED")) {
        return new EndpointReady(
            state,
            "version "
                + entity.path("entity_version").asText()
                + " could not be started"
                + new EndpointLogs(api, wait.endpoint(), waiting)
                    .why(found.path("config"), wait.wanted()));
      }
      // An external model has no deployment, so the endpoint's own state counts.
      all &= deployment.equals("READY") || (deployment.isEmpty() && ready);
    }
    return all
        ? new EndpointReady(state, null, resting.isEmpty() ? null : String.join(", ", resting))
        : null;
  }

  private static boolean isAdded(EndpointWait wait, String name) {
    NewVersion added = wait.added();
    return added != null && name.equals(added.name());
  }

  private static String states(JsonNode found) {
    return EndpointJson.state(found.path("state").path("config_update"))
        + StreamSupport.stream(EndpointJson.entities(found.path("config")).spliterator(), false)
            .map(entity ->
                " "
                    + entity.path("name").asText()
                    + " "
                    + EndpointJson.state(entity.path("state").path("deployment")))
            .collect(Collectors.joining(","));
  }
}
