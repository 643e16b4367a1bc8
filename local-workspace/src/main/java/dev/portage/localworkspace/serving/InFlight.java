package dev.portage.localworkspace.serving;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that a deployment has taken and not answered yet. */
final class InFlight {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int requests;
  private boolean closed;
  private long since = System.nanoTime();

  /** Counts one in; false where none is taken any more. */
  boolean enter() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      requests++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Counts one out. */
  void leave() {
    lock.lock();
    try {
      requests--;
      since = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes none from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Begins to be idle now. */
  void touch() {
    lock.lock();
    try {
      since = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all are answered, or the time is over. */
  void awaitNone(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (requests > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there was none for so long.
   *
   * @return false when it was closed before
   */
  boolean awaitIdle(long nanos) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long left = nanos - (System.nanoTime() - since);
        if (requests > 0) {
          changed.await();
        } else if (left > 0) {
          changed.await(left, TimeUnit.NANOSECONDS);
        } else {
          return true;
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }
}
