package dev.portage.sandbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Does things at the same time, each on a thread of its own. */
public final class Together {
  /** Not the common pool: with two cores it has one thread, which others need as well. */
  private static final Executor THREADS = Thread::startVirtualThread;

  private Together() {}

  /** Begins one. */
  public static <T> CompletableFuture<T> begin(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, THREADS);
  }
}
