package dev.portage.watch;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.portage.connection.TemporalConnection;
import dev.portage.temporal.RunEnd;
import io.grpc.Status;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Learns when the history of a workflow grows, through one call at a time that the server keeps
 * open. It follows the newest run, and the next one when the workflow continues as new.
 */
final class HistoryGrowth implements AutoCloseable {

  /** The server itself answers sooner that nothing has happened. */
  private static final Duration OPEN = Duration.ofSeconds(70);

  private static final int PAGE = 1000;

  private final TemporalConnection connection;
  private final String id;
  private ByteString heard = ByteString.EMPTY;
  private @Nullable ListenableFuture<GetWorkflowExecutionHistoryResponse> open;
  private boolean deaf;
  private boolean ended;

  HistoryGrowth(TemporalConnection connection, String id) {
    this.connection = connection;
    this.id = id;
  }

  /** From here on nothing is missed. Of a run that has ended there is nothing to hear. */
  void listen() {
    if (open == null && !deaf && !ended) {
      open =
          connection
              .stubs()
              .futureStub()
              .withDeadlineAfter(OPEN.toMillis(), TimeUnit.MILLISECONDS)
              .getWorkflowExecutionHistory(
                  GetWorkflowExecutionHistoryRequest.newBuilder()
                      .setNamespace(connection.namespace())
                      .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                      .setMaximumPageSize(PAGE)
                      .setWaitNewEvent(true)
                      .setSkipArchival(true)
                      .setNextPageToken(heard)
                      .build());
    }
  }

  /** Returns when something has happened or was missed, or after some time. */
  void await(Duration atMost) throws InterruptedException {
    if (ended) {
      // It was read since, and is not the end: another run continues it.
      ended = false;
      return;
    }
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      listen();
      long left = end - System.nanoTime();
      if (open == null) {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
        return;
      }
      try {
        GetWorkflowExecutionHistoryResponse answer =
            open.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        open = null;
        // Without a page token, the next call is about the newest run.
        heard = answer.getNextPageToken();
        List<HistoryEvent> events = answer.getHistory().getEventsList();
        ended = !events.isEmpty() && RunEnd.is(events.getLast().getEventType());
        if (heard.isEmpty() || !events.isEmpty()) {
          return;
        }
      } catch (TimeoutException _) {
        return;
      } catch (ExecutionException e) {
        open = null;
        if (!isOnlySilent(e)) {
          return;
        }
      }
    }
  }

  /** Whether nothing has happened for as long as a call stays open. */
  private boolean isOnlySilent(ExecutionException e) {
    switch (Status.fromThrowable(e).getCode()) {
      case DEADLINE_EXCEEDED -> {
        return true;
      }
      // A server that doesn't keep calls open, or isn't allowed to: the periodic reads must do.
      case UNIMPLEMENTED, PERMISSION_DENIED -> deaf = true;
      default -> heard = ByteString.EMPTY;
    }
    return false;
  }

  @Override
  public void close() {
    if (open != null) {
      open.cancel(true);
      open = null;
    }
  }
}
