package dev.portage.localworkspace.faults;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that are waiting for calls. */
public final class FaultBook {
  private final List<Waiting> waiting = new ArrayList<>();

  /** Adds a fault behind those already waiting. */
  public synchronized void add(CallFault fault) {
    waiting.add(new Waiting(fault, fault.times()));
  }

  /** Takes all faults away. */
  public synchronized void clear() {
    waiting.clear();
  }

  /**
   * What goes wrong with this call: the oldest fault that decides the outcome, and any delay in
   * addition.
   */
  public synchronized List<Effect> strike(String method, String path) {
    List<Effect> effects = new ArrayList<>();
    boolean decided = false;
    for (Iterator<Waiting> it = waiting.iterator(); it.hasNext(); ) {
      Waiting next = it.next();
      boolean decides = !(next.fault.effect() instanceof Effect.Slow);
      if (!next.fault.strikes(method, path) || (decides && decided)) {
        continue;
      }
      effects.add(next.fault.effect());
      decided |= decides;
      if (next.left != null && --next.left == 0) {
        it.remove();
      }
    }
    return effects;
  }

  private static final class Waiting {
    private final CallFault fault;
    private @Nullable Integer left;

    private Waiting(CallFault fault, @Nullable Integer left) {
      this.fault = fault;
      this.left = left;
    }
  }
}
