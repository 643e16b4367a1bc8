package dev.portage.command;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.connection.TemporalConnection;
import dev.portage.connection.TimeLimit;
import dev.portage.watch.Ends;
import dev.portage.watch.NotKnown;
import dev.portage.watch.Promotions;
import dev.portage.watch.Snapshot;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.client.WorkflowUpdateTimeoutOrCancelledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a decision as an Update, which returns an answer; if no worker accepts it in time, sends
 * the same decision as a signal, which is stored. Its id makes it count once.
 */
public final class DecisionSender {

  /** An id of these is of one order: an abort is none that was answered because a proceed was. */
  private static final Set<String> OF_TRAFFIC = Set.of("proceed", "abort");

  /** An accepted Update says so at once. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  /**
   * Temporal accepts 10,000 signals for one run of a workflow. One that others have filled accepts
   * messages again as soon as a worker has continued it as a new run, so it is tried for so many
   * timeouts.
   */
  private static final int TIMEOUTS_WHILE_FULL = 12;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final TemporalConnection connection;
  private final Duration timeout;

  /**
   * Sends through a connection.
   *
   * @param timeout how long to wait for the Update's answer
   */
  public DecisionSender(TemporalConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * What became of a decision.
   *
   * @param decision its id
   * @param text one line
   * @param stored whether it is only stored, until it can be applied
   */
  public record Sent(String decision, String text, boolean stored) {}

  /** The decision cannot count; the message says why. */
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason);
    }
  }

  /** This run of the workflow takes no message at the moment. */
  private static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String unanswered;
    private final String answer;

    FullException(String unanswered, String answer) {
      this.unanswered = unanswered;
      this.answer = answer;
    }

    String why(String promotion) {
      return "nothing was stored: "
          + unanswered
          + ", and Temporal takes no more signals either: "
          + answer
          + "; retry when a worker is running, otherwise: portage cancel "
          + promotion;
    }
  }

  /**
   * Sends a decision.
   *
   * @param promotion id of the promotion
   * @param verb approve, reject or resume
   * @param message the decision, with its id
   * @throws RefusedException when it cannot count
   */
  public Sent send(String promotion, String verb, DecisionMessage message) {
    Duration longest = timeout.multipliedBy(TIMEOUTS_WHILE_FULL);
    long end = System.nanoTime() + longest.toNanos();
    boolean told = false;
    while (true) {
      try {
        return once(promotion, verb, message);
      } catch (FullException full) {
        if (System.nanoTime() > end) {
          throw new RefusedException(full.why(promotion));
        }
        if (!told) {
          told = true;
          connection.notice(
              "others have filled the promotion with messages; retrying for up to "
                  + longest.toSeconds()
                  + " s");
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException("interrupted: nothing was stored");
    }
  }

  /**
   * Sends it once, in either way.
   *
   * @throws FullException when this run of the workflow takes neither
   */
  private Sent once(String promotion, String verb, DecisionMessage message) {
    String id = Objects.requireNonNull(message.id(), "a decision has an id");
    WorkflowStub stub = connection.client().newUntypedWorkflowStub(promotion);
    try {
      Receipt receipt = update(stub, verb, id, message);
      if (receipt.refused() != null) {
        throw new RefusedException(receipt.refused());
      }
      return new Sent(id, receipt.text(), false);
    } catch (WorkflowUpdateException e) {
      // A worker of before refuses by a validator.
      throw new RefusedException(reason(e));
    } catch (WorkflowNotFoundException e) {
      throw gone(promotion);
    } catch (WorkflowServiceException e) {
      if (!TimeLimit.ranOut(e) && !isFull(e)) {
        throw e;
      }
      if (!isFull(e) && isTaken(stub, verb, id, message)) {
        return new Sent(id, accepted(promotion, id), true);
      }
      String why =
          isFull(e) ? "the promotion can't take more Updates now" : "no worker is responding";
      return signal(stub, promotion, verb, id, message, why);
    }
  }

  /** What is accepted waits for the platform file, and the promotion says what is wrong with it. */
  private String accepted(String promotion, String id) {
    String says =
        new Promotions(connection)
            .look(promotion)
            .filter(Snapshot::answered)
            .map(snapshot -> snapshot.view().says())
            .orElse("no worker is responding any more");
    return "accepted but not applied yet: "
        + says
        + "; follow it with: portage status "
        + promotion
        + " (decision "
        + id
        + ")";
  }

  /** Whether a worker has accepted the Update, so that it is durable. */
  private static boolean isTaken(
      WorkflowStub stub, String verb, String id, DecisionMessage message) {
    try {
      TimeLimit.call(LOOK, () -> start(stub, verb, id, message, WorkflowUpdateStage.ACCEPTED));
      return true;
    } catch (WorkflowException unknown) {
      return false;
    }
  }

  /** Its answer. The client polls for one on threads of its own, where our limit has no effect. */
  private Receipt update(WorkflowStub stub, String verb, String id, DecisionMessage message) {
    long end = System.nanoTime() + timeout.toNanos();
    WorkflowUpdateHandle<Receipt> sent =
        TimeLimit.call(
            timeout, () -> start(stub, verb, id, message, WorkflowUpdateStage.COMPLETED));
    try {
      return sent.getResultAsync().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new WorkflowUpdateTimeoutOrCancelledException(sent.getExecution(), id, verb, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the answer to decision " + id + " can't be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkflowUpdateTimeoutOrCancelledException(sent.getExecution(), id, verb, e);
    }
  }

  /** The same id is the same Update, however often it is sent. */
  private static WorkflowUpdateHandle<Receipt> start(
      WorkflowStub stub,
      String verb,
      String id,
      DecisionMessage message,
      WorkflowUpdateStage stage) {
    return stub.startUpdate(
        UpdateOptions.newBuilder(Receipt.class)
            .setUpdateName(verb)
            .setUpdateId(OF_TRAFFIC.contains(verb) ? verb + "/" + id : id)
            .setWaitForStage(stage)
            .build(),
        message);
  }

  private Sent signal(
      WorkflowStub stub,
      String promotion,
      String verb,
      String id,
      DecisionMessage message,
      String why) {
    try {
      stub.signal(verb, message);
    } catch (WorkflowNotFoundException e) {
      throw gone(promotion);
    } catch (WorkflowServiceException e) {
      if (e.getCause() instanceof StatusRuntimeException status
          && status.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
        // Past 10,000 signals Temporal answers so.
        throw new FullException(why, String.valueOf(status.getStatus().getDescription()));
      }
      throw e;
    }
    return new Sent(
        id,
        "stored: " + why + "; a worker will process it when one is back (decision " + id + ")",
        true);
  }

  /** Temporal accepts 2,000 Updates for one workflow, and few at once; more signals. */
  private static boolean isFull(WorkflowServiceException e) {
    return e.getCause() instanceof StatusRuntimeException status
        && (status.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
            || status.getStatus().getCode() == Status.Code.FAILED_PRECONDITION);
  }

  /** What has ended says as what, as far as Temporal still knows it. */
  private RuntimeException gone(String id) {
    Optional<String> end = new Ends(connection).of(id);
    return end.isPresent() ? new RefusedException(end.get()) : NotKnown.id(connection, id);
  }

  private static String reason(WorkflowUpdateException e) {
    return e.getCause() instanceof ApplicationFailure failure
        ? String.valueOf(failure.getOriginalMessage())
        : String.valueOf(e.getMessage());
  }
}
