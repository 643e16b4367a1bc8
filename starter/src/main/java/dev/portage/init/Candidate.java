package dev.portage.init;

import java.util.Locale;

/**
 * Something in a project that could be a step of a promotion.
 *
 * @param form what kind of thing it is
 * @param name as {@code promotion.yaml} names it: a path, the name of a job, or {@code
 *     PACKAGE:ENTRY-POINT}
 * @param weight how much speaks for it
 * @param where where it was found and why, for people
 */
record Candidate(Form form, String name, int weight, String where) {

  /** The forms that {@code promotion.yaml} knows. */
  enum Form {
    NOTEBOOK,
    SCRIPT,
    WHEEL,
    SETTINGS,
    JOB;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As it is typed behind an option. */
  String typed() {
    return switch (form) {
      case NOTEBOOK, SCRIPT -> name;
      case WHEEL, SETTINGS, JOB -> form.word() + ":" + name;
    };
  }
}
