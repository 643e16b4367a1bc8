package dev.portage.worker;

import java.util.List;

/** A worker that can't start as configured. Contains no secret. */
public final class WorkerRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean usageError;
  private final List<String> lines;

  private WorkerRefused(boolean usageError, List<String> lines) {
    super(String.join("\n", lines));
    this.usageError = usageError;
    this.lines = List.copyOf(lines);
  }

  /** A wrong file or a wrong option. */
  static WorkerRefused usageError(List<String> lines) {
    return new WorkerRefused(true, lines);
  }

  /** Something outside that is not as it should be. */
  static WorkerRefused lack(String line) {
    return new WorkerRefused(false, List.of(line));
  }

  /** Whether the file or the options have to be corrected. */
  public boolean isUsageError() {
    return usageError;
  }

  /** The message, line by line. */
  public List<String> lines() {
    return lines;
  }
}
