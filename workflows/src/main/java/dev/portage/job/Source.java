package dev.portage.job;

/**
 * Where a workspace takes notebooks from: one commit, never a branch.
 *
 * @param gitUrl the repository, as {@code https://…}; on one machine also {@code file:///…}
 * @param gitProvider Databricks' name of it, as {@code azureDevOpsServices} or {@code gitHub}
 * @param commit full id, 40 hex digits
 * @param folder folder of {@code promotion.yaml} inside the repository, "" at its top
 */
public record Source(String gitUrl, String gitProvider, String commit, String folder) {

  /**
   * Path inside the repository of a notebook named relative to {@code promotion.yaml}, as the Jobs
   * API wants it.
   */
  public String notebookPath(String notebook) {
    String path = folder.isEmpty() ? notebook : folder + "/" + notebook;
    return path.endsWith(".py") ? path.substring(0, path.length() - 3) : path;
  }
}
