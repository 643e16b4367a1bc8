package dev.portage.command;

import dev.portage.preflight.Finding;
import dev.portage.promotion.PromotionView;
import java.util.List;

/** What the command's exit code means. */
public final class ExitCode {

  public static final int DONE = 0;
  public static final int FAILED = 1;

  /** Wrong use or wrong file: nothing was started. */
  public static final int WRONG = 2;

  /** By a gate or a person, or since a newer promotion took its place. */
  public static final int REJECTED = 3;

  public static final int WAITING = 4;

  private ExitCode() {}

  /**
   * The code of a preflight that lets nothing start. If only a response is missing, it is no usage
   * error: the same start may work later.
   */
  static int of(List<Finding> lacking) {
    return Finding.onlyUnanswered(lacking) ? FAILED : WRONG;
  }

  /** The code for a promotion's state. A stopped step is a failure until resumed. */
  public static int of(PromotionView view) {
    return switch (view.state()) {
      case RELEASED -> DONE;
      case RUNNING, WAITING, FROZEN -> WAITING;
      case REJECTED, SUPERSEDED -> REJECTED;
      case STOPPED, FAILED, CANCELLED -> FAILED;
    };
  }
}
