package dev.portage.release;

/**
 * A follow-up to a release that is not done: the model is live without it.
 *
 * @param order what is to be done
 * @param why the error of the last try, in one line
 */
public record Unfinished(FollowUp order, String why) {

  /** In one line. */
  public String text() {
    return order.step() + ": " + order.what() + " (" + why + ")";
  }
}
