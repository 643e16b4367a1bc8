package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.faults.CallFault;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults that are waiting for runs. Several may affect one run, for example one that starts
 * late and then fails.
 */
public final class RunFaults {
  private List<RunFault> waiting = List.of();

  /** Adds a fault. */
  public synchronized void add(RunFault fault) {
    List<RunFault> more = new ArrayList<>(waiting);
    more.add(fault);
    waiting = List.copyOf(more);
  }

  synchronized List<RunEffect> strike(String runName) {
    List<RunEffect> effects = new ArrayList<>();
    List<RunFault> left = new ArrayList<>();
    for (RunFault fault : waiting) {
      if (!CallFault.matches(fault.run(), runName)) {
        left.add(fault);
        continue;
      }
      effects.add(fault.effect());
      Integer times = fault.times();
      if (times == null) {
        left.add(fault);
      } else if (times > 1) {
        left.add(new RunFault(fault.run(), fault.effect(), times - 1));
      }
    }
    waiting = List.copyOf(left);
    return effects;
  }
}
