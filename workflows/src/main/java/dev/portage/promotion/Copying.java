package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyResult;
import dev.portage.copy.CopyWays;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.settings.Station;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a hop: one activity, or for a large candidate one a partition, which the target's
 * workers share. History holds where the files of a partition stand in the manifest, never the
 * files.
 */
final class Copying {

  /** Partitions that wait or run at once; more would only wait at the workers. */
  private static final int AT_ONCE = 16;

  private final Journey journey;
  private final Candidate candidate;
  private final Station target;

  Copying(Journey journey, Candidate candidate, Station target) {
    this.journey = journey;
    this.candidate = candidate;
    this.target = target;
  }

  CopyResult copy(CopyOrder order) {
    ManifestRef manifest = candidate.manifest();
    if (manifest.bytes() <= Partition.MOST_BYTES && manifest.files() <= Partition.MOST_FILES) {
      return activities("copy " + files(order)).copy(order);
    }
    CopyPlan plan = activities("plan the copy of " + files(order)).planCopy(order);
    Sum sum = new Sum(plan);
    List<Promise<PartitionResult>> open = new ArrayList<>();
    try {
      carryAll(order, plan, open, sum);
    } catch (TemporalFailure failure) {
      // Those under way are let go on, since their work is not lost; but no byte moves any more
      // when the step is told to have ended.
      Workflow.newDetachedCancellationScope(
              () -> Workflow.await(() -> open.stream().allMatch(Promise::isCompleted)))
          .run();
      throw failure;
    }
    return activities("check and finish the copy of " + files(order))
        .finishCopy(new FinishOrder(order, plan.model(), sum.sentBytes, sum.ways()));
  }

  private void carryAll(
      CopyOrder order, CopyPlan plan, List<Promise<PartitionResult>> open, Sum sum) {
    Iterator<Partition> left = plan.partitions().iterator();
    sum.tell();
    while (left.hasNext() || !open.isEmpty()) {
      while (left.hasNext() && open.size() < AT_ONCE) {
        open.add(start(order, plan, left.next()));
      }
      Workflow.await(() -> open.stream().anyMatch(Promise::isCompleted));
      for (Promise<PartitionResult> promise : List.copyOf(open)) {
        if (promise.isCompleted()) {
          open.remove(promise);
          sum.add(promise.get());
        }
      }
    }
  }

  private Promise<PartitionResult> start(CopyOrder order, CopyPlan plan, Partition partition) {
    CopyActivities activities =
        activities(
            "copy files "
                + (partition.from() + 1)
                + " to "
                + partition.to()
                + " of "
                + candidate.manifest().files()
                + " to "
                + target.workspace());
    return Async.function(
        activities::copyPartition, new PartitionOrder(order, plan.model(), partition));
  }

  private CopyActivities activities(String summary) {
    return Stubs.copying(
        CopyActivities.class,
        PromotionWorkflow.queueOf(target.workspace()),
        journey.settings().patience(),
        summary);
  }

  private String files(CopyOrder order) {
    return candidate.manifest().files()
        + " files from "
        + order.source().workspace()
        + " to "
        + target.workspace();
  }

  /** What the partitions came to so far. */
  private final class Sum {
    private final CopyPlan plan;
    private int partitions;
    private long files;
    private long bytes;
    private long sentBytes;
    private @Nullable CopyWays ways;

    private Sum(CopyPlan plan) {
      this.plan = plan;
    }

    private void add(PartitionResult result) {
      partitions++;
      files += result.files();
      bytes += result.bytes();
      sentBytes += result.sentBytes();
      ways = result.ways();
      tell();
    }

    private void tell() {
      journey
          .progress()
          .running(
              StepNames.hop(target, "copy")
                  + ": "
                  + partitions
                  + " of "
                  + plan.partitions().size()
                  + " partitions, "
                  + files
                  + " of "
                  + candidate.manifest().files()
                  + " files, "
                  + (bytes >> 20)
                  + " of "
                  + (candidate.manifest().bytes() >> 20)
                  + " MiB");
    }

    private CopyWays ways() {
      return Objects.requireNonNull(ways, "there is a partition").inPartitions(partitions);
    }
  }
}
