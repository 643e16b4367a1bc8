package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * Where orders about a cutover arrive. State of a workflow: messages put them in, and the step
 * takes them out.
 */
public final class SoakDesk {

  private @Nullable String step;
  private @Nullable SoakOrder order;
  private boolean soaks;

  /** A cutover begins: orders for it are taken from now on. */
  public void begin(String step) {
    this.step = step;
    order = null;
  }

  /** Whether a step is watched: only then there is a soak to be ended. */
  public void soaks(boolean watched) {
    soaks = watched;
  }

  /** No cutover goes on any more. */
  public void end() {
    step = null;
    order = null;
  }

  /** The cutover that goes on, in a few words; null for none. */
  public @Nullable String step() {
    return step;
  }

  /**
   * Takes an order.
   *
   * @return why it doesn't count; null where it does
   */
  public @Nullable String take(SoakOrder given) {
    if (step == null) {
      return "no version is being given traffic now";
    }
    if (isAborted()) {
      return "it is aborted already";
    }
    if (given.what() == SoakOrder.What.PROCEED && !soaks) {
      return "no share of the traffic is being watched now; it goes on by itself";
    }
    order = given;
    return null;
  }

  /** The order to proceed is carried out: the next one is for the next step. */
  public void carriedOut() {
    if (!isAborted()) {
      order = null;
    }
  }

  /** Whether the order to abort has come. Asked in conditions. */
  public boolean isAborted() {
    return order != null && order.what() == SoakOrder.What.ABORT;
  }

  /** The order that has come; null for none. Asked in conditions. */
  public @Nullable SoakOrder order() {
    return order;
  }
}
