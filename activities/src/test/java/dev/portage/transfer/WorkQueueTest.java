package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.transfer.WorkQueue.Job;
import dev.portage.transfer.WorkQueue.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkQueueTest {
  private static final long LARGE = WorkQueue.SMALL + 1L;

  private final Concurrency concurrency = new Concurrency(40);
  private final WorkQueue workQueue = new WorkQueue(concurrency);

  @Test
  void theKindOfWorkWithTheFewestWorkersGoesFirst() throws InterruptedException {
    workQueue.add(List.of(job(Kind.STREAM, LARGE), job(Kind.STREAM, LARGE), job(Kind.READ, 1)));
    assertThat(taken(null).kind()).isEqualTo(Kind.READ);
    assertThat(taken(null).kind()).isEqualTo(Kind.STREAM);

    workQueue.add(List.of(job(Kind.WRITE, 1)));
    assertThat(taken(null).kind()).as("nobody is at it").isEqualTo(Kind.WRITE);
    assertThat(taken(null).kind()).isEqualTo(Kind.STREAM);
  }

  @Test
  void aHangingWriterDoesNotFillTheMemory() throws InterruptedException {
    workQueue.add(Collections.nCopies(100, job(Kind.READ, WorkQueue.SMALL)));
    Job hanging = read(taken(null));
    assertThat(hanging.kind()).isEqualTo(Kind.WRITE);

    int held = 1;
    for (Job next = taken(null); next.kind() == Kind.READ; next = read(next)) {
      held++;
    }

    assertThat(held).isEqualTo(32);
  }

  @Test
  void noMoreJobsAreHandedOutThanTheConcurrencyAllows() throws Exception {
    WorkQueue two = new WorkQueue(new Concurrency(2));
    two.add(List.of(job(Kind.DIGEST, 1), job(Kind.STREAM, LARGE), job(Kind.WRITE, 1)));
    Job first = Objects.requireNonNull(two.next(null));
    two.next(null);
    CompletableFuture<Job> third = new CompletableFuture<>();
    Thread waiting =
        Thread.startVirtualThread(() -> {
          try {
            third.complete(Objects.requireNonNull(two.next(null)));
          } catch (InterruptedException e) {
            third.completeExceptionally(e);
          }
        });
    while (waiting.getState() != Thread.State.WAITING && !third.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(third).isNotDone();

    assertThat(two.next(first)).as("whoever is done takes the next").isNotNull();
    assertThat(third).isNotDone();
    waiting.interrupt();
    waiting.join();
  }

  @Test
  void anIdleWorkerWaitsForNewJobsAndLeavesWithTheLast() throws Exception {
    workQueue.add(List.of(job(Kind.READ, 1)));
    Job reading = taken(null);
    SynchronousQueue<Job> brought = new SynchronousQueue<>();
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    Thread other =
        Thread.startVirtualThread(() -> {
          try {
            Job job = taken(null);
            brought.put(job);
            left.complete(workQueue.next(job) == null);
          } catch (InterruptedException e) {
            left.completeExceptionally(e);
          }
        });

    workQueue.add(List.of(job(Kind.WRITE, 1)));
    assertThat(Objects.requireNonNull(brought.poll(10, TimeUnit.SECONDS)).kind())
        .isEqualTo(Kind.WRITE);
    assertThat(workQueue.next(reading)).as("whoever ends last lets all go").isNull();
    assertThat(left.get(10, TimeUnit.SECONDS)).isTrue();
    other.join();
  }

  /** One file has been read and waits to be written. */
  private Job read(Job reading) throws InterruptedException {
    workQueue.add(List.of(job(Kind.WRITE, WorkQueue.SMALL)));
    return taken(reading);
  }

  private Job taken(@Nullable Job done) throws InterruptedException {
    return Objects.requireNonNull(workQueue.next(done));
  }

  private static Job job(Kind kind, long bytes) {
    return new Job(kind, bytes, () -> {});
  }
}
