package dev.portage.temporal;

import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor.SignalExternalInput;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor.SignalExternalOutput;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.util.function.Function;

/** Has a test decide what becomes of the signals that workflows send to others. */
public final class OutgoingSignals extends WorkerInterceptorBase {

  private final Fate fate;

  /** What becomes of a signal. */
  @FunctionalInterface
  public interface Fate {
    /** Decides; {@code send} sends it as usual. */
    SignalExternalOutput of(
        SignalExternalInput signal, Function<SignalExternalInput, SignalExternalOutput> send);
  }

  /** Has this decide. */
  public OutgoingSignals(Fate fate) {
    this.fate = fate;
  }

  /** It arrives, though nobody is there. */
  public static SignalExternalOutput arrived() {
    return new SignalExternalOutput(Workflow.newPromise((Void) null));
  }

  /** It can't be delivered, for this reason, as Temporal says it. */
  public static SignalExternalOutput failed(String cause) {
    return new SignalExternalOutput(
        Workflow.newFailedPromise(ApplicationFailure.newFailure("NOT_FOUND", cause)));
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new WorkflowInboundCallsInterceptorBase(next) {
      @Override
      public void init(WorkflowOutboundCallsInterceptor calls) {
        super.init(
            new WorkflowOutboundCallsInterceptorBase(calls) {
              @Override
              public SignalExternalOutput signalExternalWorkflow(SignalExternalInput input) {
                return fate.of(input, super::signalExternalWorkflow);
              }
            });
      }
    };
  }
}
