package dev.portage.settings;

import java.util.Collection;
import java.util.List;

/** The name of a notebook as a file names it: with its file extension, or without, as in a job. */
public final class NotebookName {
  private static final List<String> ENDINGS = List.of(".py", ".ipynb");

  private NotebookName() {}

  /** Those of the files that a notebook of this name may be: one, or one an ending. */
  public static List<String> files(String named, Collection<String> files) {
    return hasEnding(named)
        ? files.contains(named) ? List.of(named) : List.of()
        : ENDINGS.stream().map(ending -> named + ending).filter(files::contains).toList();
  }

  /** The name as a job has it, without the ending. */
  public static String withoutEnding(String named) {
    for (String ending : ENDINGS) {
      if (named.endsWith(ending)) {
        return named.substring(0, named.length() - ending.length());
      }
    }
    return named;
  }

  /** Whether the name says which kind of file it is. */
  public static boolean hasEnding(String named) {
    return ENDINGS.stream().anyMatch(named::endsWith);
  }
}
