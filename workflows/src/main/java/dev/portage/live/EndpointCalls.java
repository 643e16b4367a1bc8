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

/**
 * The calls to one endpoint, in workflow code. Each has a limit of its own: a few REST calls are
 * short, also that an attempt whose worker died is soon repeated; waiting for a version takes as
 * long as its file allows; and how long requests of our own take follows from how many there are.
 * The last two send heartbeats.
 */
final class EndpointCalls {

  /** As long as one call to a workspace may take. */
  private static final Duration CALL = Duration.ofSeconds(20);

  /** A look sends no fewer requests of our own, however few cases there are. */
  private static final int LEAST_PROBES = 5;

  /** How often requests without an answer are sent again in one look, and what is read besides. */
  private static final int OTHER_CALLS = 15;

  /** How long the pauses before those requests are altogether, at most. */
  private static final Duration PAUSES = Duration.ofMinutes(5);

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
   * @param added a version that has to be ready even while it gets no traffic, and served so; null
   *     for none
   */
  EndpointReady await(EndpointConfig wanted, @Nullable NewVersion added) {
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

  /**
   * How long requests of our own may take, if each takes as long as one call may: the model's
   * example and the cases, to the version and to what it is compared with.
   */
  private static Duration longest(ProbeOrder order) {
    int requests = Math.max(LEAST_PROBES, order.cases().size() + 1);
    int compared = order.against() == null ? 0 : order.cases().size() + 1;
    return CALL.multipliedBy(requests + compared + OTHER_CALLS).plus(PAUSES);
  }

  /** Sends requests of our own, with heartbeats. */
  ProbeResult probe(ProbeOrder order, String summary) {
    return Stubs.awaiting(
            EndpointActivities.class,
            Queues.of(context.workspace()),
            longest(order),
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
