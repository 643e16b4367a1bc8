package dev.portage.http;

import java.io.IOException;

/** A response is larger than what may be read into memory. A retry would get the same. */
public final class AnswerTooLong extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerTooLong(long most) {
    super("the response is longer than " + most / (1024 * 1024) + " MiB");
  }
}
