package dev.portage.sandbox.demo;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where the demo prints: lines, and on a terminal one line below them that is drawn again in its
 * place. Several threads may use it.
 */
final class DemoScreen {

  private static final int USUAL_WIDTH = 80;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final TrafficPicture picture;
  private boolean drawn;

  /**
   * A screen.
   *
   * @param terminal whether a line may be drawn over: nobody reads a log that way
   * @param picture draws the traffic
   */
  DemoScreen(PrintStream out, boolean terminal, TrafficPicture picture) {
    this.out = out;
    this.terminal = terminal;
    this.picture = picture;
  }

  /** The terminal of this process, if it has one. */
  static DemoScreen of(PrintStream out, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean terminal =
        !dumb && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    // https://no-color.org
    boolean colours = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new DemoScreen(out, terminal, new TrafficPicture(width(environment, terminal), colours));
  }

  private static int width(Map<String, String> environment, boolean terminal) {
    return number(environment.getOrDefault("COLUMNS", ""))
        .or(() -> terminal ? ofTerminal() : Optional.empty())
        .orElse(USUAL_WIDTH);
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[1-9][0-9]{0,3}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  /** As the terminal says; empty where nothing can ask it. */
  private static Optional<Integer> ofTerminal() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      String[] rowsAndColumns = said.strip().split(" ", -1);
      return rowsAndColumns.length == 2 ? number(rowsAndColumns[1]) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Whether the picture may be drawn in its place. */
  boolean isTerminal() {
    return terminal;
  }

  /** A line that stays. */
  synchronized void say(String line) {
    erase();
    out.println(line);
  }

  /** The traffic of this moment: in its place on a terminal, elsewhere a line of its own. */
  synchronized void draw(Readers.Count count) {
    String line = picture.line(count.recent(), count.sent(), count.failed());
    if (terminal) {
      out.print(CLEAR + line);
      out.flush();
      drawn = true;
    } else {
      out.println(line);
    }
  }

  /** The picture is gone. */
  synchronized void erase() {
    if (drawn) {
      out.print(CLEAR);
      out.flush();
      drawn = false;
    }
  }
}
