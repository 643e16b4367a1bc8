package dev.portage.page;

/** Text that others wrote, made harmless inside Markdown. */
final class Markdown {

  private Markdown() {}

  /** One line that Markdown and HTML take for nothing else. */
  static String plain(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}]+", " ")
        .strip()
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("([\\\\`*\\[\\]_])", "\\\\$1");
  }

  /** The same inside a table. */
  static String cell(String text) {
    return plain(text).replace("|", "\\|");
  }
}
