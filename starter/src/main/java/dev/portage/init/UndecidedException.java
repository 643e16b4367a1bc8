package dev.portage.init;

import java.util.List;

/** Several candidates are equally likely, and nobody can be asked which one is meant. */
public final class UndecidedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> options;

  UndecidedException(String does, List<String> options) {
    super(
        options.size()
            + " candidates are equally likely to be what "
            + does
            + "; name one of them");
    this.options = List.copyOf(options);
  }

  /** The option that picks each of them, the likeliest first. */
  public List<String> options() {
    return options;
  }
}
