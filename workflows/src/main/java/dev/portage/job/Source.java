package dev.portage.job;

import dev.portage.settings.NotebookName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a workspace gets notebooks from: one commit, never a branch.
 *
 * @param gitUrl the repository, such as {@code https://…}; on one machine also {@code file:///…}
 * @param gitProvider Databricks' name of it, as {@code azureDevOpsServices} or {@code gitHub}
 * @param commit full id, 40 hex digits
 * @param folder folder of {@code promotion.yaml} inside the repository, "" at its top
 * @param requirements the commit's requirements files by their paths below the folder, without
 *     comments: a workspace can't install from a file in a repository; null for none, or from a
 *     writer that did not send them
 */
public record Source(
    String gitUrl,
    String gitProvider,
    String commit,
    String folder,
    @Nullable Map<String, String> requirements) {

  public Source {
    requirements = requirements == null ? null : Map.copyOf(requirements);
  }

  /** A commit without requirements files. */
  public Source(String gitUrl, String gitProvider, String commit, String folder) {
    this(gitUrl, gitProvider, commit, folder, null);
  }

  /**
   * Path inside the repository of a notebook named relative to {@code promotion.yaml}, in the form
   * that the Jobs API requires: without its file extension.
   *
   * @see <a href="https://docs.databricks.com/aws/en/jobs/configure-job">A notebook in a remote Git
   *     repository</a>
   */
  public String notebookPath(String notebook) {
    return NotebookName.withoutEnding(filePath(notebook));
  }

  /** Path inside the repository of a file named relative to {@code promotion.yaml}. */
  public String filePath(String file) {
    return folder.isEmpty() ? file : folder + "/" + file;
  }
}
