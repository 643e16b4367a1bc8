package dev.portage.temporal;

/** Names of our task queues. Long work has separate ones beside a workspace's own. */
public final class Queues {

  /** Task queue of workflows, and of the activities that belong to no workspace. */
  public static final String PORTAGE = "portage";

  /**
   * Task queue of those who wait for a turn. They wait for hours, and each takes a slot; on a queue
   * with others they could take them all, also from who is to give a turn back.
   */
  public static final String TURNS = "portage-turns";

  /**
   * Task queue of notices to people. A receiver that does not answer takes a slot for as long as it
   * keeps one waiting, and no promotion's work waits behind it.
   */
  public static final String NOTICES = "portage-notices";

  private Queues() {}

  /** Task queue of a workspace's activities. */
  public static String of(String workspace) {
    return PORTAGE + "/" + workspace;
  }
}
