package dev.portage.live;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointWait;
import dev.portage.serving.NewVersion;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.StoredEndpoint;
import dev.portage.temporal.Queues;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls to one endpoint, in workflow code. */
final class EndpointCalls {

  /** Requests of our own may each take as long as one call may. */
  private static final Duration LONGEST_PROBES = Duration.ofMinutes(20);

  private final LiveContext context;
  private final String endpoint;
  private final String model;
  private final Duration longestStart;

  /** An update that had failed before the last order of ours; null for none. */
  private @Nullable String failedBefore;

  /**
   * @param model name of the model, as in the endpoint's tag
   * @param longestStart how long a version may take to start
   */
  EndpointCalls(LiveContext context, String endpoint, String model, Duration longestStart) {
    this.context = context;
    this.endpoint = endpoint;
    this.model = model;
    this.longestStart = longestStart;
  }

  /** Stores all that is served, under a key. */
  StoredEndpoint store(String key) {
    return Stubs.quick(
            EndpointActivities.class,
            Queues.of(context.workspace()),
            context.retryTimeout(),
            "store what endpoint " + endpoint + " serves")
        .storeEndpoint(new EndpointCopy(context.workspace(), endpoint, model, key));
  }

  /**
   * Orders a change and returns what became of the order. While an update is under way, an endpoint
   * takes no other, so this waits for as long as that one may take.
   *
   * @param found what may be there; null for whatever is
   */
  EndpointChanged change(
      EndpointConfig wanted,
      @Nullable NewVersion added,
      @Nullable SettingsRef settings,
      @Nullable List<EndpointConfig> found,
      String summary) {
    EndpointChanged changed =
        Stubs.quick(
                EndpointActivities.class,
                Queues.of(context.workspace()),
                context.retryTimeout().plus(longestStart),
                summary)
            .changeEndpoint(
                new EndpointOrder(
                    new EndpointQuery(context.workspace(), endpoint, model),
                    wanted,
                    added,
                    settings,
                    found,
                    context.holder(),
                    context.grant()));
    failedBefore = changed.failedBefore();
    return changed;
  }

  /**
   * Waits until it serves what is wanted, or has failed to.
   *
   * @param added name of a version that has to be ready even while it gets no traffic; null for
   *     none
   */
  EndpointReady await(EndpointConfig wanted, @Nullable String added) {
    Instant until = Instant.ofEpochMilli(Workflow.currentTimeMillis()).plus(longestStart);
    return Stubs.awaiting(
            EndpointActivities.class,
            Queues.of(context.workspace()),
            longestStart,
            context.retryTimeout(),
            "wait until endpoint " + endpoint + " serves " + wanted.text())
        .awaitEndpoint(
            new EndpointWait(
                context.workspace(), endpoint, model, wanted, added, until, failedBefore));
  }

  /** Sends requests of our own. */
  ProbeResult probe(ProbeOrder order, String summary) {
    return Stubs.awaiting(
            EndpointActivities.class,
            Queues.of(context.workspace()),
            LONGEST_PROBES,
            context.retryTimeout(),
            summary)
        .probe(order);
  }

  /** A failure of a change that the endpoint took and could not carry out: it serves as before. */
  ApplicationFailure failed(String tried, String why, String remedy) {
    return Failures.of(
        Problem.of(FailureKind.USER, tried, "workspace " + context.workspace(), why, remedy));
  }
}
