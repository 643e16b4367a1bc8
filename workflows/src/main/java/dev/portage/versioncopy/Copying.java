package dev.portage.versioncopy;

import dev.portage.activity.LongQueue;
import dev.portage.activity.Stubs;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyResult;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.duplicates.Deduplication;
import dev.portage.step.StepProgress;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code of a copy: one activity or, for a large candidate, one per partition, which the
 * target's workers share. History holds the position of a partition's files in the manifest, never
 * the files.
 */
public final class Copying {

  /** Partitions that wait or run at once; more would only wait for a worker. */
  private static final int AT_ONCE = 16;

  private final CopyOrder order;
  private final Deduplication deduplication;
  private final ManifestRef manifest;
  private final String queue;
  private final Duration timeout;
  private final Consumer<StepProgress> progress;

  /**
   * A copy that is to be made.
   *
   * @param queue task queue of the target's workers, which also serve those of {@link LongQueue}
   * @param timeout how long to retry a server that doesn't respond
   * @param progress gets how far the copy has come
   * @param deduplication registers what to check for duplicates at the end
   */
  public Copying(
      CopyOrder order,
      String queue,
      Duration timeout,
      Consumer<StepProgress> progress,
      Deduplication deduplication) {
    this.deduplication = deduplication;
    this.order = order;
    this.manifest = order.candidate().manifest();
    this.queue = queue;
    this.timeout = timeout;
    this.progress = progress;
  }

  /** Makes it. */
  public CopyResult copy() {
    remember(null);
    CopyResult copied = copied();
    remember(copied.model());
    return copied;
  }

  private void remember(@Nullable ModelLocation model) {
    deduplication.remember(new RunDuplicateCheck(queue, new CopyDuplicates(order, model)));
  }

  private CopyResult copied() {
    if (manifest.bytes() <= Partition.MOST_BYTES && manifest.files() <= Partition.MOST_FILES) {
      progress.accept(StepProgress.of(manifest.files() + " files, " + size(manifest.bytes())));
      return activities("copy " + files()).copy(order);
    }
    CopyPlan plan = activities("plan the copy of " + files()).planCopy(order);
    Sum sum = new Sum(plan);
    carry(plan, sum);
    return activities("check and finish the copy of " + files())
        .finishCopy(new FinishOrder(order, plan.model(), sum.sentBytes, sum.methods()));
  }

  /**
   * Copies all partitions. If one fails the others are stopped at once: what they have sent stays
   * and counts for a resume, and people need not wait for hours to hear of it.
   */
  private void carry(CopyPlan plan, Sum sum) {
    List<Promise<PartitionResult>> open = new ArrayList<>();
    CancellationScope all = Workflow.newCancellationScope(() -> carryAll(plan, open, sum));
    try {
      all.run();
    } catch (TemporalFailure failure) {
      if (!CancellationScope.current().isCancelRequested()) {
        sum.ending();
      }
      all.cancel("another partition failed");
      // No byte moves any more once the step is reported as ended.
      Workflow.newDetachedCancellationScope(
              () -> Workflow.await(() -> open.stream().allMatch(Promise::isCompleted)))
          .run();
      throw failure;
    }
  }

  private void carryAll(CopyPlan plan, List<Promise<PartitionResult>> open, Sum sum) {
    Iterator<Partition> left = plan.partitions().iterator();
    sum.publish();
    while (left.hasNext() || !open.isEmpty()) {
      while (left.hasNext() && open.size() < AT_ONCE) {
        open.add(start(plan, left.next()));
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

  private Promise<PartitionResult> start(CopyPlan plan, Partition partition) {
    CopyActivities activities =
        Stubs.copying(
            CopyActivities.class,
            LongQueue.PARTITIONS.of(queue),
            timeout,
            "copy files "
                + (partition.from() + 1)
                + " to "
                + partition.to()
                + " of "
                + manifest.files()
                + " to "
                + order.target());
    return Async.function(
        activities::copyPartition, new PartitionOrder(order, plan.model(), partition));
  }

  private CopyActivities activities(String summary) {
    return Stubs.copying(
        CopyActivities.class, LongQueue.carrying(manifest).of(queue), timeout, summary);
  }

  private static String size(long bytes) {
    return bytes < 1 << 20 ? bytes + " bytes" : (bytes >> 20) + " MiB";
  }

  private String files() {
    return manifest.files() + " files from " + order.source().workspace() + " to " + order.target();
  }

  /** The results of the partitions so far. */
  private final class Sum {
    private final CopyPlan plan;
    private int partitions;
    private long files;
    private long bytes;
    private long sentBytes;
    private @Nullable CopyMethods methods;

    private Sum(CopyPlan plan) {
      this.plan = plan;
    }

    private void add(PartitionResult result) {
      partitions++;
      files += result.files();
      bytes += result.bytes();
      sentBytes += result.sentBytes();
      methods = result.methods();
      publish();
    }

    private void ending() {
      say("; one failed, stopping the others");
    }

    private void publish() {
      say("");
    }

    private void say(String more) {
      progress.accept(StepProgress.of(counted() + more, bytes, manifest.bytes()));
    }

    private String counted() {
      return partitions
          + " of "
          + plan.partitions().size()
          + " partitions, "
          + files
          + " of "
          + manifest.files()
          + " files, "
          + (bytes >> 20)
          + " of "
          + size(manifest.bytes());
    }

    private CopyMethods methods() {
      return Objects.requireNonNull(methods, "there is a partition").inPartitions(partitions);
    }
  }
}
