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
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls to one endpoint, in workflow code. Each has a limit of its own: short for a few REST
 * calls, so that an attempt whose worker died is soon repeated; as long as the file allows for the
 * start of a version; and for Portage's own requests by how many there are. The last two send
 * heartbeats.
 */
final class EndpointCalls {

  /** As long as one call to a workspace may take. */
  private static final Duration CALL = Duration.ofSeconds(20);

  /** The fewest requests that a look sends, however few cases there are. */
  private static final int LEAST_PROBES = 5;

  /** Requests that are sent again in one look, and the calls that read metrics and examples. */
  private static final int OTHER_CALLS = 15;

  /** The longest that the pauses before those requests take altogether. */
  private static final Duration PAUSES = Duration.ofMinutes(5);

  private final LiveContext context;
  private final String endpoint;
  private final String model;
  private final Duration longestStart;

  /** An update that had failed before the last order of ours; null for none. */
  private @Nullable String failedBefore;

  private @Nullable String takesBackTo;

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

  /**
   * The same for changes that take back what the holder changed.
   *
   * @param last who had changed it last before; null for nobody
   */
  EndpointCalls takingBackTo(@Nullable String last) {
    takesBackTo = last == null ? "" : last;
    return this;
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
   * @param found what the endpoint may serve before; null for anything
   */
  EndpointChanged change(
      EndpointConfig wanted,
      @Nullable NewVersion added,
      @Nullable SettingsRef settings,
      @Nullable List<EndpointConfig> found,
      String summary) {
    return order(wanted, added, settings, found, summary).get();
  }

  /** The same without waiting for what became of the order. */
  Promise<EndpointChanged> order(
      EndpointConfig wanted,
      @Nullable NewVersion added,
      @Nullable SettingsRef settings,
      @Nullable List<EndpointConfig> found,
      String summary) {
    EndpointActivities endpoints =
        Stubs.quick(
            EndpointActivities.class,
            Queues.of(context.workspace()),
            context.retryTimeout().plus(longestStart),
            summary);
    // By the stub's own method: so it is ordered here and now, and not by another thread.
    return Async.function(
            endpoints::changeEndpoint,
            new EndpointOrder(
                new EndpointQuery(context.workspace(), endpoint, model),
                wanted,
                added,
                settings,
                found,
                context.holder(),
                context.grant(),
                takesBackTo))
        .thenApply(changed -> {
          failedBefore = changed.failedBefore();
          return changed;
        });
  }

  /**
   * Waits until the endpoint serves what is wanted, or its update has failed.
   *
   * @param added a version that has to be ready, with these settings, even while it gets no
   *     traffic; null for none
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
   * The longest time that a look may take, if each request takes as long as one call may: the
   * model's example and the cases, to the version and to the one it is compared with.
   */
  private static Duration longest(ProbeOrder order) {
    int requests = Math.max(LEAST_PROBES, order.cases().size() + 1);
    int compared = order.against() == null ? 0 : order.cases().size() + 1;
    return CALL.multipliedBy(requests + compared + OTHER_CALLS).plus(PAUSES);
  }

  /** Sends Portage's own requests, with heartbeats. */
  ProbeResult probe(ProbeOrder order, String summary) {
    return Stubs.awaiting(
            EndpointActivities.class,
            Queues.of(context.workspace()),
            longest(order),
            context.retryTimeout(),
            summary)
        .probe(order);
  }

  /** The failure of a change that the endpoint accepted and could not carry out. */
  ApplicationFailure failed(String tried, String why, String remedy) {
    return Failures.of(
        Problem.of(FailureKind.USER, tried, "workspace " + context.workspace(), why, remedy));
  }
}
