package dev.portage.document;

import dev.portage.text.Bounded;
import dev.portage.text.SecretShapes;

/** A key or value of a file as a validation error quotes it. */
final class Quoted {

  /** Characters that are repeated of it. */
  static final int MOST = 80;

  private Quoted() {}

  static String text(String text) {
    // A secret cut in half would not be known for one later.
    return "\"" + Bounded.text(SecretShapes.without(text), MOST) + "\"";
  }
}
