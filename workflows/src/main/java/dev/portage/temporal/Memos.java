package dev.portage.temporal;

/** The keys in the memos of our workflows. */
public final class Memos {

  /** How a promotion ended that was cancelled in Temporal, in one line. */
  public static final String SAYS = "portageSays";

  /**
   * What was unfinished when the promotion ended, in one line, for those who list many; none where
   * nothing was.
   */
  public static final String UNFINISHED = "portageUnfinished";

  /** SHA-256 of the file that a promotion was started with. */
  public static final String FILE_HASH = "portageFileHash";

  /** When a promotion was started, where its workflow went on in another run. */
  public static final String STARTED = "portageStarted";

  /**
   * How much of the traffic a new version has while it is being moved, for those who list many: a
   * {@link dev.portage.serving.TrafficShare}. None while no traffic is moved.
   */
  public static final String TRAFFIC = "portageTraffic";

  private Memos() {}
}
