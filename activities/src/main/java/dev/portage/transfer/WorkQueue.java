package dev.portage.transfer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The jobs still to do, handed out to several workers. A job may add others: what was read must be
 * written, what was written must be read back. The kind of job that the fewest workers are doing
 * goes first, so neither server waits while the other works.
 */
final class WorkQueue {
  /** Up to that size a file is held whole, and takes its time for the question, not the bytes. */
  static final int SMALL = 256 * 1024;

  /** Bytes of small files in memory at once, at most: 8 MiB. */
  private static final int MOST_HELD = 32;

  /** What a job does; of two that as many lanes are at, the first goes first. */
  enum Kind {
    /** A file, or a part of it, is read for its digest. */
    DIGEST,
    /** A small file that is held is written. */
    WRITE,
    /** A small file is read, to be held until it is written. */
    READ,
    /** A large file, or a part of it, streams from the source to the target. */
    STREAM
  }

  /**
   * One transfer.
   *
   * @param bytes that it moves
   */
  record Job(Kind kind, long bytes, Runnable work) {}

  private final Concurrency concurrency;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Kind, Deque<Job>> waiting = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> underWay = new EnumMap<>(Kind.class);

  /**
   * Nothing to do yet.
   *
   * @param concurrency says how many jobs may run at once
   */
  WorkQueue(Concurrency concurrency) {
    this.concurrency = concurrency;
    for (Kind kind : Kind.values()) {
      waiting.put(kind, new ArrayDeque<>());
      underWay.put(kind, 0);
    }
  }

  /** Further jobs; those of a kind are handed out in the order they came. */
  void add(Collection<Job> jobs) {
    lock.lock();
    try {
      jobs.forEach(job -> queue(job.kind()).add(job));
      wakeAnother();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next job, waited for as long as one may come.
   *
   * @param done the one before, which has added what it brings; null for none
   * @return null when everything is done
   */
  @Nullable Job next(@Nullable Job done) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (done != null) {
        end(done);
      }
      Kind kind = choice();
      while (kind == null) {
        if (isOver()) {
          changed.signalAll();
          return null;
        }
        changed.await();
        kind = choice();
      }
      Job job = queue(kind).remove();
      begin(job);
      wakeAnother();
      return job;
    } finally {
      lock.unlock();
    }
  }

  private void begin(Job job) {
    underWay.merge(job.kind(), 1, Integer::sum);
  }

  private void end(Job job) {
    underWay.merge(job.kind(), -1, Integer::sum);
  }

  /** Each that gets a job wakes one more if there is another: no lane wakes for nothing. */
  private void wakeAnother() {
    if (choice() != null) {
      changed.signal();
    }
  }

  private @Nullable Kind choice() {
    Kind best = null;
    for (Kind kind : Kind.values()) {
      Job first = queue(kind).peek();
      if (first != null && mayBegin(first) && (best == null || workersAt(kind) < workersAt(best))) {
        best = kind;
      }
    }
    return best;
  }

  /** A job that would only wait for its turn stays here, where another kind may still go first. */
  private boolean mayBegin(Job job) {
    return underWay.values().stream().mapToInt(Integer::intValue).sum() < concurrency.now()
        && (job.kind() != Kind.READ || held() < MOST_HELD);
  }

  private int held() {
    return workersAt(Kind.READ) + queue(Kind.WRITE).size() + workersAt(Kind.WRITE);
  }

  private boolean isOver() {
    return underWay.values().stream().allMatch(workers -> workers == 0)
        && waiting.values().stream().allMatch(Deque::isEmpty);
  }

  private Deque<Job> queue(Kind kind) {
    return Objects.requireNonNull(waiting.get(kind));
  }

  private int workersAt(Kind kind) {
    return Objects.requireNonNull(underWay.get(kind));
  }
}
