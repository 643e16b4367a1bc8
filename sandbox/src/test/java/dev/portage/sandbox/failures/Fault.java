package dev.portage.sandbox.failures;

/** What goes wrong: a column of the matrix. */
public enum Fault {
  KILLED_BEFORE("worker killed before the effect"),
  KILLED_AFTER("worker killed after the effect"),
  ERRORS("answers 500 five times"),
  BUSY("answers 429 with Retry-After"),
  LOST_ANSWER("connection reset after the request was taken"),
  LATE_DUPLICATE("a create arrives late, after its repetition"),
  HANGS("hangs until timeout"),
  TOKEN_EXPIRES("token expires"),
  CANCELLED("cancel from the Web UI"),
  HOLDER_TERMINATED("holder terminated"),
  LANE_TERMINATED("lane terminated"),
  TROUBLE("what goes wrong with a served version");

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  /** A few words. */
  public String title() {
    return title;
  }

  /** Whether it strikes workers, and so whatever else they do at the moment. */
  public boolean isKill() {
    return this == KILLED_BEFORE || this == KILLED_AFTER;
  }
}
