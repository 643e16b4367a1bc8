package dev.portage.release;

import dev.portage.activity.Stubs;
import dev.portage.job.JobActivities;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.VersionLabels;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code: carries out one {@link FollowUp}. It holds no turn, so a newer release may come in
 * between at any time. So each change is tried once, between two reads of the champion: a version
 * that a newer release has replaced is not labelled live, and a mark that the newer one moved is
 * left alone.
 */
public final class FollowUpRunner {

  /** How long one look or one change may take, waiting for a worker included. */
  private static final Duration ONE_TRY = Duration.ofMinutes(1);

  private FollowUpRunner() {}

  /**
   * Tries it once. Repeating what is done already changes nothing.
   *
   * @return what was done, in one line
   * @throws TemporalFailure when it is not done, or not known to be
   */
  public static String carryOut(FollowUp order) {
    if (order.record() != null) {
      return "recorded at " + record(order, order.record());
    }
    if (order.labels() != null) {
      return label(order, order.labels());
    }
    if (order.mark() != null) {
      return mark(order, order.mark());
    }
    if (order.publish() != null) {
      return LatePublishing.carryOut(order, order.publish());
    }
    if (order.back() != null) {
      return GoingBackRunner.carryOut(order, order.back());
    }
    if (order.resume() != null) {
      return Stubs.single(
              JobActivities.class, Queues.of(order.resume().workspace()), ONE_TRY, order.what())
          .resumeJob(order.resume())
          .text();
    }
    return "nothing to do";
  }

  /**
   * Tries several of one workspace once each, in one activity; no marks.
   *
   * @return the results, in the same order
   * @throws TemporalFailure when the results are unknown
   */
  public static List<FollowedUp> carryOut(List<FollowUp> orders) {
    String workspace = orders.getFirst().live().workspace();
    return Stubs.single(
            FollowUpActivities.class,
            Queues.of(workspace),
            ONE_TRY,
            String.join(", ", orders.stream().map(FollowUp::what).toList()))
        .followUp(orders);
  }

  private static String record(FollowUp order, ReleaseOrder record) {
    return Stubs.single(
            ReleaseActivities.class, Queues.of(record.release().workspace()), ONE_TRY, order.what())
        .record(record);
  }

  private static String label(FollowUp order, VersionLabels labels) {
    return new Labelling(FollowUpRunner::isLive, registry(labels.workspace(), order.what()))
        .write(labels, order.live());
  }

  private static String mark(FollowUp order, MarkOrder mark) {
    if (!isLive(order.live())) {
      return skipped(order, mark);
    }
    Marked marked = registry(mark.workspace(), order.what()).mark(mark);
    @Nullable String replaced = marked.previous();
    if (replaced != null && !replaced.equals(marked.version()) && !isLive(order.live())) {
      // A newer release came between look and change, so what was replaced may be its mark.
      registry(mark.workspace(), mark.mark() + " goes back to version " + replaced)
          .mark(
              new MarkOrder(mark.workspace(), mark.model(), replaced, mark.marking(), mark.mark()));
      return skipped(order, mark);
    }
    return marked.mark()
        + " of "
        + mark.model()
        + " in "
        + mark.workspace()
        + " is version "
        + marked.version();
  }

  private static String skipped(FollowUp order, MarkOrder mark) {
    return mark.mark()
        + " of "
        + mark.model()
        + " in "
        + mark.workspace()
        + " now belongs to the newer release that replaced version "
        + order.live().version()
        + " in "
        + order.live().workspace();
  }

  private static boolean isLive(LiveVersion live) {
    return Stubs.quick(
            RegistryActivities.class,
            Queues.of(live.workspace()),
            ONE_TRY,
            "check whether version " + live.version() + " of " + live.model() + " is still live")
        .champion(live.query())
        .filter(champion -> champion.version().version().equals(live.version()))
        .isPresent();
  }

  private static RegistryActivities registry(String workspace, String summary) {
    return Stubs.single(RegistryActivities.class, Queues.of(workspace), ONE_TRY, summary);
  }
}
