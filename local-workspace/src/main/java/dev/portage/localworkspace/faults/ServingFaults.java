package dev.portage.localworkspace.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The faults that are waiting for served versions of models. */
public final class ServingFaults {
  private List<ServingFault> waiting = List.of();
  private final List<Consumer<ServingFault>> listeners = new ArrayList<>();

  /** Adds a fault, behind those already waiting. */
  public void add(ServingFault fault) {
    List<Consumer<ServingFault>> told;
    synchronized (this) {
      List<ServingFault> more = new ArrayList<>(waiting);
      more.add(fault);
      waiting = List.copyOf(more);
      told = List.copyOf(listeners);
    }
    told.forEach(listener -> listener.accept(fault));
  }

  /** Takes all faults away. */
  public synchronized void clear() {
    waiting = List.of();
  }

  /** Tells of every fault that is added from now on. */
  public synchronized void onAdded(Consumer<ServingFault> listener) {
    listeners.add(listener);
  }

  /**
   * What goes wrong now with a version.
   *
   * @param version model and version, such as {@code main.ml.churn/3}
   * @param kind which effects can strike at this moment
   */
  public synchronized List<ServingEffect> strike(String version, Predicate<ServingEffect> kind) {
    List<ServingEffect> effects = new ArrayList<>();
    List<ServingFault> left = new ArrayList<>();
    for (ServingFault fault : waiting) {
      if (!kind.test(fault.effect()) || !CallFault.matches(fault.version(), version)) {
        left.add(fault);
        continue;
      }
      effects.add(fault.effect());
      Integer times = fault.times();
      if (times == null) {
        left.add(fault);
      } else if (times > 1) {
        left.add(new ServingFault(fault.version(), fault.effect(), times - 1));
      }
    }
    waiting = List.copyOf(left);
    return effects;
  }
}
