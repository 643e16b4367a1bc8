package dev.portage.job;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What identifies the code that a job runs, task by task.
 *
 * @param sha256 SHA-256 over all parts: equal hashes, equal code, as far as the parts say
 * @param parts in the order of the tasks
 */
public record JobCode(String sha256, List<Part> parts) {

  private static final int SHOWN = 12;

  public JobCode {
    Objects.requireNonNull(sha256, "sha256");
    parts = List.copyOf(parts);
  }

  /**
   * A file that a task runs. One of the last three is set.
   *
   * @param task key of the task
   * @param file path or name of what it runs
   * @param commit commit that it is of; null for another source
   * @param sha256 of the file's content in the workspace; null where a commit says it, or nothing
   * @param unknown why nobody can tell which code that is; null where it is known
   */
  public record Part(
      String task,
      String file,
      @Nullable String commit,
      @Nullable String sha256,
      @Nullable String unknown) {

    /** One line for people, that names the code where it can be named. */
    public String text() {
      if (commit != null) {
        return file + " at commit " + shorten(commit);
      }
      return sha256 == null
          ? file + ", of no known hash: " + unknown
          : file + " " + shorten(sha256);
    }

    /** The same in full, to be hashed. */
    public String line() {
      return String.join("\t", task, file, String.valueOf(commit), String.valueOf(sha256));
    }
  }

  /** What of it no commit says: files of the workspace, and what nobody can tell; a line each. */
  public List<String> outsideOfCommits() {
    return parts.stream()
        .filter(part -> part.commit() == null)
        .map(part -> "task " + part.task() + " runs " + part.text())
        .distinct()
        .toList();
  }

  /** The code of one task, in one line; empty for a task without any. */
  public String of(String task) {
    return parts.stream()
        .filter(part -> part.task().equals(task))
        .map(Part::text)
        .collect(Collectors.joining(", "));
  }

  private static String shorten(String hash) {
    return hash.substring(0, Math.min(SHOWN, hash.length()));
  }
}
