package dev.portage.sandbox.demo;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Who approves in the demo. */
enum Approver {
  /** Approves without asking. */
  ALWAYS,
  /** Sits at this terminal. */
  AT_TERMINAL,
  /** Is somewhere else; responds with {@code portage approve}. */
  ELSEWHERE;

  /** What the answer is. */
  enum Answer {
    YES,
    NO,
    /** Comes from somewhere else. */
    LATER
  }

  static Approver ofTerminal() {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return terminal ? AT_TERMINAL : ELSEWHERE;
  }

  /** Asks, and waits for the answer. */
  Answer ask(PrintStream out, String who) throws IOException {
    return switch (this) {
      case ALWAYS -> {
        out.println("\nApproved as " + who + " (--yes).");
        yield Answer.YES;
      }
      case ELSEWHERE -> Answer.LATER;
      case AT_TERMINAL -> {
        out.print("\nYou are " + who + ". Approve? [y/N] ");
        out.flush();
        String line =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        boolean yes = line != null && line.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        yield yes ? Answer.YES : Answer.NO;
      }
    };
  }
}
