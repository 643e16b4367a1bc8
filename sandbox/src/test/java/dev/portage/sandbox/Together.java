package dev.portage.sandbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs tasks in parallel, each on its own thread. */
public final class Together {
  /** Not the common pool: with two cores it has one thread, which others need, too. */
  private static final Executor THREADS = Thread::startVirtualThread;

  private Together() {}

  /** Starts one. */
  public static <T> CompletableFuture<T> begin(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, THREADS);
  }
}
