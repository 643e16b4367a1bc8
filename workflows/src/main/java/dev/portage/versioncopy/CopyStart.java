package dev.portage.versioncopy;

import dev.portage.copy.Verify;
import dev.portage.text.Markdown;
import org.jspecify.annotations.Nullable;

/**
 * Request to copy one version from one workspace to another.
 *
 * @param model its name, in full or as {@code {model}} stands for it in the platform file
 * @param version its number, an alias that points at it, or the stage it is in
 * @param from workspace that holds it
 * @param to target workspace
 * @param verify how the target is held against the manifest, null for what the platform says
 * @param dryRun whether to look only
 * @param startedBy who wants it
 */
public record CopyStart(
    String model,
    String version,
    String from,
    String to,
    @Nullable Verify verify,
    boolean dryRun,
    String startedBy) {

  /**
   * Workflow id of the request. If it names the version other than by its number, the workflow with
   * {@link #idOf} as its id makes the copy.
   */
  public String workflowId() {
    return (dryRun ? "preflight/" : "") + idOf(model, version);
  }

  /**
   * The one id for one version between two workspaces: of the workflow that copies it, and key of
   * everything that is made.
   *
   * @param name what {@code {model}} stands for
   * @param number the version
   */
  String idOf(String name, String number) {
    return idOf(from, to, name, number);
  }

  /** The same, of any two workspaces. */
  static String idOf(String from, String to, String name, String number) {
    return "copy/" + from + "/" + to + "/" + name + "/" + number;
  }

  /** What the Web UI shows of the workflow, in one line of Markdown. */
  public String summary() {
    return Markdown.summary(
        "copy " + model + " version " + version + " from " + from + " to " + to);
  }

  /** The same copy, with the version named exactly. */
  CopyStart of(String fullName, String number) {
    return new CopyStart(fullName, number, from, to, verify, dryRun, startedBy);
  }
}
