package dev.portage.live;

import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointState;
import dev.portage.serving.Served;
import dev.portage.settings.ServeSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Endpoints as live states, and back. */
final class Endpoints {

  static final String ENDPOINT = "endpoint";
  static final String MODEL = "model";

  /**
   * Full name of the registered model that a hop is to serve; not in a state, since a rollback
   * restores whatever it finds.
   */
  static final String REGISTERED = "registered";

  /** The versions that get traffic, as {@link EndpointConfig#written}. */
  private static final String SERVED = "served";

  private static final String PROMOTION = "promotion";

  /** How long a version may take to be ready, an ISO duration: the timeout of its file. */
  private static final String TIMEOUT = "timeout";

  /** Where requests are sent, and whether they were answered when the state was recorded. */
  static final String ADDRESS = "address";

  static final String READY = "ready";

  /** All that was served before the change, and what its current and its last order make of it. */
  private static final String FOUND = "found";

  private static final String MADE = "made";
  private static final String PRIOR = "prior";

  private Endpoints() {}

  /** An endpoint as it is found. */
  static LiveState state(String thing, EndpointState endpoint) {
    return state(thing, endpoint.name(), endpoint.model(), endpoint.config(), endpoint.promotion());
  }

  /** The same, with the update under way if that moves traffic: it will not stay as it is. */
  static LiveState observed(String thing, EndpointState endpoint) {
    LiveState state = state(thing, endpoint);
    EndpointConfig pending = endpoint.pending();
    return pending == null || pending.live().isLike(endpoint.config().live())
        ? state
        : new LiveState(
                state.thing(),
                state.present(),
                state.version(),
                state.text() + ", and an update to " + pending.text() + " is under way",
                state.values(),
                state.settings())
            .underWay(pending.live().written());
  }

  /** An endpoint that serves this. */
  static LiveState state(
      String thing,
      String endpoint,
      String model,
      EndpointConfig config,
      @Nullable String promotion) {
    List<Served> live = config.live().served();
    Map<String, String> values = new HashMap<>();
    values.put(ENDPOINT, endpoint);
    values.put(MODEL, model);
    values.put(SERVED, config.live().written());
    if (promotion != null) {
      values.put(PROMOTION, promotion);
    }
    return new LiveState(
        thing,
        true,
        live.size() == 1 ? live.getFirst().version() : null,
        "endpoint " + endpoint + " with " + config.text(),
        values,
        null);
  }

  /** The state in which there is no endpoint. */
  static LiveState none(String thing, @Nullable String endpoint, @Nullable String model) {
    Map<String, String> values = new HashMap<>();
    if (endpoint != null) {
      values.put(ENDPOINT, endpoint);
    }
    if (model != null) {
      values.put(MODEL, model);
    }
    return new LiveState(thing, false, null, "nothing", values, null);
  }

  /** What gets traffic in a state. */
  static EndpointConfig live(LiveState state) {
    return state.present() ? EndpointConfig.read(state.value(SERVED)) : EndpointConfig.NONE;
  }

  /** Whether a promotion made it what it is. */
  static boolean isPromoted(LiveState state) {
    return state.value(PROMOTION) != null;
  }

  /** Id of the promotion that made it so; null when unknown. */
  static @Nullable String promotion(LiveState state) {
    return state.value(PROMOTION);
  }

  /** The same with the address of the endpoint, and whether it answers requests there. */
  static LiveState shown(LiveState state, @Nullable EndpointState endpoint) {
    if (endpoint == null) {
      return state;
    }
    Map<String, String> values = new HashMap<>(state.values());
    if (endpoint.address() != null) {
      values.put(ADDRESS, endpoint.address().toString());
    }
    if (endpoint.ready() != null) {
      values.put(READY, endpoint.ready());
    }
    return new LiveState(
        state.thing(), state.present(), state.version(), state.text(), values, state.settings());
  }

  /** The same with how long a version may take to be ready. */
  static LiveState within(LiveState state, Duration timeout) {
    return within(state, timeout.toString());
  }

  /** The same as long as another state says; as it is where that one doesn't say. */
  static LiveState withTimeoutOf(LiveState state, LiveState other) {
    String written = other.value(TIMEOUT);
    return written == null || state.value(TIMEOUT) != null ? state : within(state, written);
  }

  private static LiveState within(LiveState state, String timeout) {
    Map<String, String> values = new HashMap<>(state.values());
    values.put(TIMEOUT, timeout);
    return new LiveState(
        state.thing(), state.present(), state.version(), state.text(), values, state.settings());
  }

  /** How long a version may take to be ready; the default if the state doesn't say. */
  static Duration timeout(LiveState state) {
    String written = state.value(TIMEOUT);
    return written == null ? ServeSettings.TIMEOUT : Duration.parse(written);
  }

  static String name(LiveState state) {
    return Objects.requireNonNullElse(state.value(ENDPOINT), "");
  }

  static String model(LiveState state) {
    return Objects.requireNonNullElse(state.value(MODEL), "");
  }

  /**
   * A change of an endpoint, with what is needed to undo it.
   *
   * @param found all that was served before the change
   * @param prior what the last order of this change made of it
   * @param made what the current order makes of it
   */
  static LiveChange change(
      LiveState before,
      LiveState now,
      EndpointConfig found,
      EndpointConfig prior,
      EndpointConfig made) {
    return new LiveChange(
        before, now, Map.of(FOUND, found.written(), PRIOR, prior.written(), MADE, made.written()));
  }

  /** All that was served before a change. */
  static EndpointConfig found(LiveChange change) {
    return change.undo().containsKey(FOUND)
        ? EndpointConfig.read(change.undo().get(FOUND))
        : live(change.before());
  }

  /** What the current order of a change makes of the endpoint. */
  static EndpointConfig made(LiveChange change) {
    return change.undo().containsKey(MADE)
        ? EndpointConfig.read(change.undo().get(MADE))
        : live(change.now());
  }

  /** What the last order made of it, which is still served if the current one never arrived. */
  static EndpointConfig prior(LiveChange change) {
    return EndpointConfig.read(change.undo().get(PRIOR));
  }
}
