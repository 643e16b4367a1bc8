package dev.portage.text;

/** Keeps texts from outside short enough for where they are stored or quoted. */
public final class Bounded {

  private Bounded() {}

  /**
   * The text, or its beginning with a word on how much is left out.
   *
   * @param most characters that are kept; never half of a surrogate pair
   */
  public static String text(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "… (" + (text.length() - end) + " more characters)";
  }
}
