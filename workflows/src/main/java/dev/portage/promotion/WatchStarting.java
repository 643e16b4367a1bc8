package dev.portage.promotion;

import dev.portage.candidate.ModelLocation;
import dev.portage.live.LiveState;
import dev.portage.live.LiveWatchId;
import dev.portage.live.ReleasedEndpoint;
import dev.portage.livewatch.LiveWatchStart;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.livewatch.LiveWatchWorkflow;
import dev.portage.release.Release;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Station;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Has a version watched once it is live, by a workflow of its own that outlives the promotion; and
 * tells the watch of the version before that its time is over.
 */
final class WatchStarting {

  private final Journey journey;
  private final Station target;
  private final ModelLocation files;

  WatchStarting(Journey journey, Station target, ModelLocation files) {
    this.journey = journey;
    this.target = target;
    this.files = files;
  }

  /**
   * Once its release is being recorded; no cancel is heard.
   *
   * @param leaves whether something of the release before stays that no promotion changes any more,
   *     such as an endpoint: the version before may be watched still
   */
  void run(Release release, boolean leaves) {
    ServeSettings serve = journey.settings().serveAt(target);
    if (serve == null && !leaves) {
      // No version of most models is ever served, so there is no watch to tell.
      return;
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              String former = release.previousVersion();
              if (former != null) {
                LiveWatchId.of(target, former).lookNow();
              }
              LiveState released = ReleasedEndpoint.of(release.states());
              if (serve != null && serve.watch() != null && released != null) {
                start(started(serve, release, released));
              }
            })
        .run();
  }

  private LiveWatchStart started(ServeSettings serve, Release release, LiveState released) {
    List<LiveState> before = Objects.requireNonNullElse(release.before(), List.of());
    return new LiveWatchStart.Builder(
            journey.settings().model(),
            target,
            release.version(),
            journey.id(),
            released,
            serve,
            files,
            journey.settings().retryTimeout())
        .before(ReleasedEndpoint.of(before))
        .receivers(journey.settings().receivers())
        .build();
  }

  private void start(LiveWatchStart start) {
    LiveWatchWorkflow watch =
        Workflow.newChildWorkflowStub(
            LiveWatchWorkflow.class,
            ChildWorkflowOptions.newBuilder()
                .setWorkflowId(start.id().workflow())
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                .setCancellationType(ChildWorkflowCancellationType.ABANDON)
                .setTypedSearchAttributes(PromotionAttributes.of(start.model(), journey.id()))
                .setStaticSummary(
                    Markdown.summary(
                        "watch version "
                            + start.version()
                            + " of "
                            + start.model()
                            + " in "
                            + target.workspace()
                            + " for "
                            + start.watch().text()))
                .build());
    // Its end is nobody's business here; an unobserved failure would be logged as one.
    Async.function(watch::watch, start, null)
        .handle((LiveWatchView end, RuntimeException _) -> end);
    try {
      Workflow.getWorkflowExecution(watch).get();
      journey
          .progress()
          .notice(
              "version "
                  + start.version()
                  + " is watched in "
                  + target.workspace()
                  + ": portage status "
                  + start.id().workflow());
    } catch (ChildWorkflowFailure failure) {
      // After a reset, the one of the run before goes on.
      journey
          .progress()
          .notice(
              "no other watch of version "
                  + start.version()
                  + " in "
                  + target.workspace()
                  + " was started: "
                  + said(failure));
    }
  }

  private static @Nullable String said(ChildWorkflowFailure failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() : cause.getMessage();
  }
}
