package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import org.junit.jupiter.api.Test;

class StopLineTest {

  private static final String NEXT = "portage resume promotion/churn/x";
  private static final Problem SAYS_IT = problem("All traffic goes back. To try again: " + NEXT);
  private static final Problem SAYS_LESS = problem("Fix the notebook.");

  @Test
  void whoWatchesIsToldOnceHowItGoesOnAndThatThisIsWaitedFor() {
    assertThat(StopLine.watching("stopped at train: no rows", NEXT, SAYS_LESS))
        .isEqualTo(
            "  stopped at train; to go on: "
                + NEXT
                + "; watching until then, Ctrl-C ends the watch only");
    assertThat(StopLine.watching("stopped at prod/serve: aborted", NEXT, SAYS_IT))
        .isEqualTo(
            "  stopped at prod/serve; watching until it goes on or ends, Ctrl-C ends the watch only");
    assertThat(StopLine.watching("no worker is responding", null, null))
        .isEqualTo("  stopped; watching until it goes on or ends, Ctrl-C ends the watch only");
  }

  @Test
  void aCommandThatTheProblemNamesIsNotSaidAgain() {
    assertThat(StopLine.leaving(NEXT, SAYS_LESS)).containsExactly("  to continue: " + NEXT);
    assertThat(StopLine.leaving(NEXT, SAYS_IT)).isEmpty();
    assertThat(StopLine.leaving(null, SAYS_LESS)).isEmpty();
  }

  private static Problem problem(String remedy) {
    return Problem.of(FailureKind.USER, "serve", "workspace prod", "no", remedy);
  }
}
