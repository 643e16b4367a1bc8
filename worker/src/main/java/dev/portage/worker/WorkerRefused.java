package dev.portage.worker;

import java.util.List;

/** A worker that can't start as it was asked to. Holds no secret. */
public final class WorkerRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean wrongUse;
  private final List<String> lines;

  private WorkerRefused(boolean wrongUse, List<String> lines) {
    super(String.join("\n", lines));
    this.wrongUse = wrongUse;
    this.lines = List.copyOf(lines);
  }

  /** A wrong file or a wrong option. */
  static WorkerRefused wrongUse(List<String> lines) {
    return new WorkerRefused(true, lines);
  }

  /** Something outside that is not as it should be. */
  static WorkerRefused lack(String line) {
    return new WorkerRefused(false, List.of(line));
  }

  /** Whether the file or the options have to be corrected. */
  public boolean isWrongUse() {
    return wrongUse;
  }

  /** What to tell, line by line. */
  public List<String> lines() {
    return lines;
  }
}
