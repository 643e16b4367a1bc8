package dev.portage.live;

import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointState;
import dev.portage.serving.Served;
import dev.portage.serving.StoredEndpoint;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;

/**
 * An endpoint goes back to what it served, in an undo or in a rollback. All traffic goes back
 * first, which takes no start-up while the old version is still there; versions that are not wanted
 * are removed only after that.
 */
final class EndpointReturn {

  private final LiveContext context;
  private final String endpoint;
  private final String model;
  private final EndpointCalls calls;

  /**
   * @param state of the endpoint: its name, its model, and how long a version may take to start
   */
  EndpointReturn(LiveContext context, LiveState state) {
    this.context = context;
    this.endpoint = Endpoints.name(state);
    this.model = Endpoints.model(state);
    this.calls = new EndpointCalls(context, endpoint, model, Endpoints.timeout(state));
  }

  /** Undoes what a cutover changed, unless the endpoint serves something else by now. */
  Undone undo(LiveChange change) {
    calls.takingBackTo(Endpoints.promotion(change.before()));
    EndpointConfig found = Endpoints.found(change);
    EndpointConfig made = Endpoints.made(change);
    SettingsRef settings = change.before().settings();
    // Versions that were removed from 0 % to make room are not started again.
    EndpointConfig back = found.keeping(made.served().stream().map(Served::name).toList());
    EndpointConfig prior = Endpoints.prior(change);
    boolean moved = !made.live().isLike(back.live()) || !prior.live().isLike(back.live());
    EndpointConfig traffic = moved ? withOthersAtRest(back, made) : back;
    EndpointChanged first =
        calls.change(
            traffic,
            null,
            settings,
            List.of(made, prior, found, withOthersAtRest(back, made), back),
            found.isNone()
                ? "remove endpoint " + endpoint
                : "all traffic of endpoint " + endpoint + " back to " + found.text());
    if (first.outcome() == EndpointChanged.Outcome.FOUND_OTHER) {
      return new Undone(
          Undone.Outcome.FOUND_OTHER,
          "endpoint "
              + endpoint
              + " now serves "
              + first.config().text()
              + ", which this promotion did not order");
    }
    if (!traffic.isNone()) {
      // Somebody may have removed the new version already.
      traffic = traffic.onlyOf(back, first.config());
      await(traffic);
      if (!back.isLike(traffic)) {
        calls.change(
            back,
            null,
            settings,
            List.of(traffic, back),
            "remove the new version from endpoint " + endpoint);
        await(back);
      }
    }
    return new Undone(
        Undone.Outcome.PUT_BACK,
        found.isNone()
            ? "endpoint " + endpoint + " is removed again"
            : "all traffic of endpoint " + endpoint + " is back at " + found.text());
  }

  /**
   * Makes it serve what it served before the workflow that asks changed it, and says who had
   * changed it before.
   */
  Restored putBack(LiveState before) {
    calls.takingBackTo(Endpoints.promotion(before));
    Restored put = restore(before);
    if (!put.now().present()) {
      return put;
    }
    EndpointState now =
        new WorkflowLook(context)
            .by(EndpointActivities.class, "the endpoint " + endpoint)
            .findEndpoint(new EndpointQuery(context.workspace(), endpoint, model))
            .orElse(null);
    // The last order of traffic says it already, unless it changed nothing or nothing followed it.
    if (now != null && context.holder().equals(now.promotion())) {
      calls.change(
          now.config(),
          null,
          put.before(),
          List.of(now.config()),
          "say again who changed endpoint " + endpoint + " last");
    }
    return put;
  }

  /** Makes it serve what a release recorded, whatever it serves now. */
  Restored restore(LiveState wanted) {
    // Under a key of its own: what an earlier rollback stored may be wanted now.
    StoredEndpoint stored =
        calls.store(context.holder() + "#" + ServingThing.NAME + "/" + Workflow.randomUUID());
    EndpointConfig now = stored.config();
    EndpointConfig live = Endpoints.live(wanted);
    EndpointConfig pending = stored.state() == null ? null : stored.state().pending();
    boolean isServed = live.isNone() ? stored.state() == null : now.live().isLike(live);
    // An update under way, such as one of a terminated promotion, would still change it.
    if (isServed && (pending == null || pending.live().isLike(live))) {
      return new Restored(
          Restored.Outcome.UNCHANGED,
          wanted,
          "endpoint "
              + endpoint
              + (live.isNone() ? " was gone already" : " already served " + live.text()),
          stored.settings(),
          null);
    }
    String interrupted = interrupted(stored);
    EndpointConfig traffic = withOthersAtRest(live, now);
    calls.change(
        traffic,
        null,
        wanted.settings(),
        null,
        live.isNone()
            ? "remove endpoint " + endpoint
            : "all traffic of endpoint " + endpoint + " to " + live.text());
    if (live.isNone()) {
      return new Restored(
          Restored.Outcome.RESTORED,
          Endpoints.none(ServingThing.NAME, endpoint, model),
          "endpoint " + endpoint + " is removed" + interrupted,
          stored.settings(),
          null);
    }
    await(traffic);
    EndpointConfig left =
        new EndpointConfig(
            traffic.served().stream()
                .filter(one -> live.named(one.name()).isPresent() || isAtRest(now, one.name()))
                .toList());
    if (!left.isLike(traffic)) {
      calls.change(
          left,
          null,
          wanted.settings(),
          null,
          "remove the version that was left from endpoint " + endpoint);
      await(left);
    }
    return new Restored(
        now.isNone() ? Restored.Outcome.CREATED_AGAIN : Restored.Outcome.RESTORED,
        wanted,
        "all traffic of endpoint " + endpoint + " is at " + live.text() + interrupted,
        stored.settings(),
        null);
  }

  private void await(EndpointConfig wanted) {
    EndpointReady ready = calls.await(wanted, null);
    String failed = ready.failed();
    if (failed != null) {
      throw calls.failed(
          "make endpoint " + endpoint + " serve " + wanted.text(),
          failed,
          "It still serves " + ready.state().config().text() + ". Remove the cause, then resume.");
    }
  }

  /** What is wanted, and whatever else is there at 0 %. */
  private static EndpointConfig withOthersAtRest(EndpointConfig wanted, EndpointConfig there) {
    if (wanted.isNone()) {
      return wanted;
    }
    List<Served> all = new ArrayList<>(wanted.served());
    there.served().stream()
        .filter(one -> wanted.named(one.name()).isEmpty())
        .forEach(one -> all.add(one.at(0)));
    return new EndpointConfig(all);
  }

  /** Whether it was kept at 0 %, and so stays for another time. */
  private static boolean isAtRest(EndpointConfig now, String served) {
    return now.named(served).filter(one -> one.percent() == 0).isPresent();
  }

  /** Which update was under way, and is taken back by this; empty for none. */
  private static String interrupted(StoredEndpoint stored) {
    EndpointState state = stored.state();
    EndpointConfig pending = state == null ? null : state.pending();
    if (state == null || pending == null) {
      return "";
    }
    return "; an update to "
        + pending.text()
        + " was under way"
        + (state.promotion() == null ? "" : " (" + state.promotion() + " changed it last)")
        + ": Portage waited for its end and took it back";
  }
}
