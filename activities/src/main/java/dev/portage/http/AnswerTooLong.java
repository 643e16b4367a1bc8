package dev.portage.http;

import java.io.IOException;

/** An answer has more bytes than are read into memory at once. Asking again brings the same. */
public final class AnswerTooLong extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerTooLong(long most) {
    super("the response is longer than " + most / (1024 * 1024) + " MiB");
  }
}
