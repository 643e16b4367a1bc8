package dev.portage.release;

/**
 * Something that follows from a release and is not done: the model is live without it.
 *
 * @param order what is to be done
 * @param why what came back when it was last tried, in one line
 */
public record Unfinished(FollowUp order, String why) {

  /** In one line. */
  public String text() {
    return order.step() + ": " + order.what() + " (" + why + ")";
  }
}
