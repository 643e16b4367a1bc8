package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * Where people's orders for a running cutover arrive. State of a workflow: messages put them in,
 * and the step takes them out.
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

  /** Notes whether a share is being watched: only then is there a soak to end early. */
  public void soaks(boolean watched) {
    soaks = watched;
  }

  /** The cutover is over: orders for it are refused from now on. */
  public void end() {
    step = null;
    order = null;
  }

  /** The running cutover in a few words; null without one. */
  public @Nullable String step() {
    return step;
  }

  /**
   * Takes an order.
   *
   * @return why it is refused; null if it is taken
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

  /** The order to proceed was carried out, so the next one is for the next share. */
  public void carriedOut() {
    if (!isAborted()) {
      order = null;
    }
  }

  /** Whether an order to abort has come. Without side effects, for conditions of a wait. */
  public boolean isAborted() {
    return order != null && order.what() == SoakOrder.What.ABORT;
  }

  /** The order that has come; null for none. Without side effects, for conditions of a wait. */
  public @Nullable SoakOrder order() {
    return order;
  }
}
