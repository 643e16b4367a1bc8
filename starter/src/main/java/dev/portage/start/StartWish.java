package dev.portage.start;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asked for.
 *
 * @param file the {@code promotion.yaml}, as typed
 * @param commit commit to take it from, null for the pipeline's or the last one
 * @param version version of the first workspace to promote, null unless asked for
 * @param runId run of the first workspace to promote, null unless asked for
 * @param allowOlder whether going back to an older commit is wanted
 * @param repository address that workspaces take notebooks from, null to find out
 * @param by who asks, null to find out
 */
public record StartWish(
    Path file,
    @Nullable String commit,
    @Nullable String version,
    @Nullable String runId,
    boolean allowOlder,
    @Nullable String repository,
    @Nullable String by) {

  /** Whether the model was trained elsewhere. */
  public boolean isTrainedElsewhere() {
    return version != null || runId != null;
  }
}
