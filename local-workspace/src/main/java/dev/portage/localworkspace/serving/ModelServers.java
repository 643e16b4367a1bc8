package dev.portage.localworkspace.serving;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Starts servers of models. */
@FunctionalInterface
public interface ModelServers {
  /**
   * Starts a server and returns at once.
   *
   * @param order what to serve
   * @param logs where what it says goes
   * @throws IOException when it can't even begin
   */
  ModelServer start(Order order, ServerLogs logs) throws IOException;

  /**
   * Deletes what is kept of versions for the next start.
   *
   * @param used those that may be started again
   */
  default void forgetAllBut(Set<ModelVersion> used) {}

  /**
   * What to serve.
   *
   * @param version the version of the model
   * @param variables its environment
   * @param secrets the part of its environment that no log may show
   * @param user for whom its files are read
   * @param fault how its start is to go wrong; null for not at all
   */
  record Order(
      ModelVersion version,
      Map<String, String> variables,
      Map<String, String> secrets,
      String user,
      @Nullable StartFault fault) {
    /** Keeps its own copies. */
    public Order {
      variables = Map.copyOf(variables);
      secrets = Map.copyOf(secrets);
    }

    /** For messages: never a secret. */
    @Override
    public String toString() {
      return "Order of " + version.path();
    }
  }

  /** How a start can be told to go wrong. */
  enum StartFault {
    /** The image can't be built. */
    BUILD,
    /** It is killed for want of memory. */
    MEMORY,
    /** It never becomes ready. */
    NEVER
  }

  /** A server of a model. */
  interface ModelServer {
    /**
     * Where it answers {@code POST /invocations}, once it does; ends with a {@link StartFailed}
     * where it never will.
     */
    CompletableFuture<URI> ready();

    /** How it ended, once it has: null where it was stopped, else in words. */
    CompletableFuture<@Nullable String> ended();

    /** What it uses of this machine; null where that is not known. */
    @Nullable Usage usage();

    /** Stops it, with all that it began, and waits for that. May be called more than once. */
    void stop();
  }

  /**
   * What a server uses.
   *
   * @param cpuSeconds of processors, since its start
   * @param memoryBytes that it holds
   */
  record Usage(double cpuSeconds, long memoryBytes) {}

  /** A server did not become ready. */
  final class StartFailed extends Exception {
    private final transient Failure failure;

    /** A failure of this kind, for this reason. */
    public StartFailed(Failure.Kind kind, String reason) {
      super(reason);
      this.failure = new Failure(kind, reason);
    }

    /** Why. */
    public Failure failure() {
      return failure;
    }
  }
}
