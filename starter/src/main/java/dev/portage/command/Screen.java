package dev.portage.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.portage.azuredevops.LoggingCommands;
import dev.portage.page.TerminalText;
import dev.portage.temporal.Payloads;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints. Text written by others can neither send control characters to the
 * terminal nor commands to a pipeline's agent.
 */
final class Screen {

  private static final int FIFTHS = 5;

  private final PrintStream out;
  private final PrintStream err;
  private final Output output;
  private final boolean terminal;
  private final Map<String, Integer> fifths = new HashMap<>();
  private int barLength;
  private final LastWord lastWord;

  /**
   * A screen.
   *
   * @param terminal whether a line may be written over: nobody reads a log that way
   */
  Screen(PrintStream out, PrintStream err, Output output, boolean terminal) {
    this.out = out;
    this.err = err;
    this.output = output;
    this.terminal = terminal && output == Output.TEXT;
    this.lastWord = new LastWord(err, terminal);
  }

  boolean isJson() {
    return output == Output.JSON;
  }

  boolean isAzureDevOps() {
    return output == Output.AZURE_DEVOPS;
  }

  /** One line for people. Who reads a JSON document gets that alone. */
  void say(String line) {
    if (!isJson()) {
      endOfBar();
      out.println(TerminalText.line(line));
    }
  }

  void say(List<String> lines) {
    lines.forEach(this::say);
  }

  /** A text that others wrote, with all its lines. */
  void quote(String text) {
    say(TerminalText.lines(text));
  }

  /**
   * How far something is: on a terminal a line that changes, elsewhere a line a fifth.
   *
   * @param name what it is of; each has its own fifths
   * @param part from 0 to 1
   */
  void bar(String line, String name, double part) {
    if (isJson()) {
      return;
    }
    if (terminal) {
      String text = TerminalText.line("  " + line);
      out.print("\r" + text + " ".repeat(Math.max(0, barLength - text.length())));
      out.flush();
      barLength = text.length();
      return;
    }
    int fifth = (int) (part * FIFTHS);
    if (fifth > 0 && fifth < FIFTHS && fifth > fifths.getOrDefault(name, 0)) {
      fifths.put(name, fifth);
      say("  " + line);
    }
  }

  /** The line that changed stays as it is. */
  void endOfBar() {
    if (barLength > 0) {
      barLength = 0;
      out.println();
    }
  }

  /** A question; what is typed follows on the same line. */
  void ask(String question) {
    endOfBar();
    out.print(TerminalText.line(question.strip()) + " ");
    out.flush();
  }

  /** One line about a wait, which is no part of the answer. */
  void notice(String line) {
    if (!isJson()) {
      err.println(TerminalText.line(line));
    }
  }

  /**
   * What is said on standard error if someone ends the command by Ctrl-C from now on.
   *
   * @param line such as "nothing was started"; null for nothing
   */
  void ifLeft(@Nullable String line) {
    lastWord.is(line);
  }

  /** The same for what a command has started, and follows. */
  void ifLeftFollowing(String id) {
    ifLeft(id + " goes on; follow it: portage watch " + id);
  }

  /** The same from the call on that starts it until it is answered. */
  void ifLeftStarting(String id) {
    ifLeft(id + " may have been started; see: portage status " + id);
  }

  /** The command has ended by itself: nothing is said any more. */
  void ended() {
    lastWord.unsaid();
  }

  /** What went wrong; in JSON the document says it. */
  void error(String text) {
    error(TerminalText.lines(text));
  }

  /** Several things that are wrong, a line each. */
  void error(List<String> lines) {
    if (isJson()) {
      return;
    }
    endOfBar();
    lines.forEach(line -> err.println(TerminalText.line(line)));
    if (isAzureDevOps()) {
      out.println(LoggingCommands.error(String.join("\n", lines)));
    }
  }

  /** The one JSON document. */
  void document(Object content) {
    if (isJson()) {
      try {
        out.println(
            TerminalText.json(
                Payloads.mapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(content)));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("our own records become JSON", e);
      }
    }
  }

  /** A page as it is. */
  void page(String text) {
    text.lines().forEach(line -> out.println(TerminalText.line(line)));
  }

  /** An order to the pipeline's agent. */
  void order(String loggingCommand) {
    if (isAzureDevOps()) {
      out.println(loggingCommand);
    }
  }
}
