package dev.portage.localworkspace.serving;

/** A served model's answer. */
public final class Answer {
  private final String by;
  private final int status;
  private final String type;
  private final byte[] body;

  /**
   * An answer.
   *
   * @param by the name it is served by
   * @param status the HTTP status
   * @param type its content type
   * @param body handed over: nobody changes it any more
   */
  public Answer(String by, int status, String type, byte[] body) {
    this.by = by;
    this.status = status;
    this.type = type;
    this.body = body;
  }

  /** The name that what answered is served by. */
  public String by() {
    return by;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Its content type. */
  public String type() {
    return type;
  }

  /** Its body, not a copy. */
  public byte[] body() {
    return body;
  }
}
