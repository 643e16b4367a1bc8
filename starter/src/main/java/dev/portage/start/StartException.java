package dev.portage.start;

import dev.portage.document.Complaint;
import java.util.List;

/** Nothing was started, since what was asked for is wrong; the message says what and what to do. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A message for the person who typed the command. */
  public StartException(String message) {
    super(message);
  }

  /** Everything that is wrong with a file, a line each. */
  public StartException(List<Complaint> complaints) {
    super(String.join("\n", complaints.stream().map(Complaint::toString).toList()));
  }
}
