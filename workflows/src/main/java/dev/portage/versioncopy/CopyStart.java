package dev.portage.versioncopy;

import dev.portage.copy.Verify;
import org.jspecify.annotations.Nullable;

/**
 * One version that is to be carried from one workspace to another.
 *
 * @param model its name, in full or as {@code {model}} stands for it in the platform file
 * @param version its number, an alias that points at it, or the stage it is in
 * @param from workspace that holds it
 * @param to workspace that shall hold it
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

  /** Workflow id: one copy of a version between two workspaces at a time. */
  public String workflowId() {
    return (dryRun ? "preflight/" : "") + keyOf(version);
  }

  /** Key of everything that is made, once the version is known by its number. */
  String keyOf(String number) {
    return "copy/" + from + "/" + to + "/" + model + "/" + number;
  }
}
