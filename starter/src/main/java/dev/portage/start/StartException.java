package dev.portage.start;

import dev.portage.document.ValidationError;
import dev.portage.text.Visible;
import java.util.List;

/** Nothing was started, because the request is wrong; the message says how and what to do. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> lines;

  /** A message for the person who typed the command. */
  public StartException(String message) {
    super(message);
    lines = List.of(message);
  }

  /** Everything that is wrong with a file, a line each. */
  public StartException(List<ValidationError> errors) {
    super(String.join("\n", describe(errors)));
    lines = describe(errors);
  }

  /** Each on one line, whatever the file's keys contain. */
  private static List<String> describe(List<ValidationError> errors) {
    return errors.stream().map(error -> Visible.line(error.toString())).toList();
  }

  /** The message, a line for each thing that is wrong. */
  public List<String> lines() {
    return lines;
  }
}
