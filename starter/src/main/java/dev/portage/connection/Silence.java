package dev.portage.connection;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Observes every call, and reports when a server doesn't respond: a person at a terminal otherwise
 * can't tell a slow server from a command that hangs. Each silence is reported once, across all
 * attempts of a call.
 */
final class Silence implements ClientInterceptor, AutoCloseable {

  static final Duration NOTIFY_AFTER = Duration.ofSeconds(2);

  /** Waits for an end that may be days away. */
  private static final String LONG = "GetWorkflowExecutionHistory";

  /** These wait for a worker. */
  private static final Set<String> OF_WORKERS =
      Set.of("QueryWorkflow", "UpdateWorkflowExecution", "PollWorkflowExecutionUpdate");

  private final String address;
  private final Consumer<String> notice;
  private final ScheduledExecutorService timer;
  private final ScheduledFuture<?> ears;
  private boolean everAnswered;
  private boolean notified;
  private boolean failing;
  private int asked;
  private int askedWorkers;
  private long silentSince = System.nanoTime();

  /**
   * Listens for one connection.
   *
   * @param notice gets one line when the server doesn't respond
   */
  Silence(String address, Consumer<String> notice) {
    this.address = address;
    this.notice = notice;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(task -> {
          Thread thread = new Thread(task, "portage-silence");
          thread.setDaemon(true);
          return thread;
        });
    this.ears = timer.scheduleAtFixedRate(this::listen, 250, 250, TimeUnit.MILLISECONDS);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel channel) {
    ClientCall<Q, A> call = channel.newCall(method, options);
    String name = String.valueOf(method.getBareMethodName());
    if (name.equals(LONG)) {
      return call;
    }
    boolean ofWorkers = OF_WORKERS.contains(name);
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        ask(ofWorkers);
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                end(status, ofWorkers);
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  private synchronized void ask(boolean ofWorkers) {
    // After a failure this is another attempt of the same call, and the silence continues.
    if (asked + askedWorkers == 0 && !failing) {
      silentSince = System.nanoTime();
    }
    count(ofWorkers, 1);
  }

  private synchronized void end(Status status, boolean ofWorkers) {
    count(ofWorkers, -1);
    failing =
        switch (status.getCode()) {
          case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> true;
          default -> false;
        };
    if (!failing) {
      everAnswered = true;
      notified = false;
      silentSince = System.nanoTime();
    }
  }

  private void count(boolean ofWorkers, int more) {
    if (ofWorkers) {
      askedWorkers += more;
    } else {
      asked += more;
    }
  }

  private void listen() {
    String line;
    synchronized (this) {
      boolean waiting = asked + askedWorkers > 0 || failing;
      if (notified || !waiting || System.nanoTime() - silentSince < NOTIFY_AFTER.toNanos()) {
        return;
      }
      notified = true;
      line = line();
    }
    notice.accept(line);
  }

  private String line() {
    if (!everAnswered) {
      return "connecting to Temporal at " + address + " …";
    }
    return asked == 0 && askedWorkers > 0
        ? "no worker has responded yet; still waiting …"
        : "Temporal at " + address + " is not responding; still trying …";
  }

  @Override
  public void close() {
    ears.cancel(false);
    timer.shutdownNow();
  }
}
