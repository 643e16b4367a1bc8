package dev.portage.azuredevops;

import dev.portage.text.Visible;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Lines through which a process talks to its agent. Source:
 * learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands.
 *
 * <p>The agent looks for {@code ##vso[} anywhere in a line, so anything that a notebook or a person
 * wrote could give it commands: {@link #harmless} removes that.
 */
public final class LoggingCommands {

  private static final Pattern ORDER =
      Pattern.compile("##(?=vso\\[|\\[)", Pattern.CASE_INSENSITIVE);

  private LoggingCommands() {}

  /** Sets a variable that later steps and jobs can read. */
  public static String output(String name, String value) {
    return "##vso[task.setvariable variable=" + property(name) + ";isOutput=true]" + data(value);
  }

  /** Shows an error on the run's page. */
  public static String error(String text) {
    return "##vso[task.logissue type=error]" + data(text);
  }

  /** Shows a warning on the run's page. */
  public static String warning(String text) {
    return "##vso[task.logissue type=warning]" + data(text);
  }

  /** Puts a Markdown file on the run's page. */
  public static String summary(Path file) {
    return "##vso[task.uploadsummary]" + data(file.toString());
  }

  /** A line that contains no commands for the agent, whatever the text. */
  public static String harmless(String line) {
    return harmless(line, "# #");
  }

  /**
   * The same, with something else in place of the two characters.
   *
   * @param instead a replacement as {@link java.util.regex.Matcher#replaceAll(String)} takes it
   */
  public static String harmless(String line, String instead) {
    return ORDER.matcher(line).replaceAll(instead);
  }

  private static String data(String text) {
    return harmless(visible(text)).replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A");
  }

  /** Line breaks of both kinds have an escape of the agent's own. */
  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point ->
            visible.append(
                point == '\r' || point == '\n'
                    ? Character.toString(point)
                    : Visible.line(Character.toString(point))));
    return visible.toString();
  }

  private static String property(String text) {
    return data(text).replace(";", "%3B").replace("]", "%5D");
  }
}
