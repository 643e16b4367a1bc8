package dev.portage.start;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to start a promotion.
 *
 * @param file the {@code promotion.yaml}, as typed
 * @param commit commit to take it from, null for the pipeline's or the last one
 * @param version version in the first workspace to promote, null unless given
 * @param runId run in the first workspace to promote, null unless given
 * @param allowOlder whether going back to an older commit is wanted
 * @param repository address that workspaces take notebooks from, null to find out
 * @param by who starts it, null to find out
 * @param madeBy who made a model that was trained elsewhere, according to whoever starts it
 * @param gitProvider Databricks' name of the service that hosts the repository, null to find out
 */
public record StartRequest(
    Path file,
    @Nullable String commit,
    @Nullable String version,
    @Nullable String runId,
    boolean allowOlder,
    @Nullable String repository,
    @Nullable String by,
    List<String> madeBy,
    @Nullable String gitProvider) {

  public StartRequest {
    madeBy = List.copyOf(madeBy);
  }

  /** One that says neither who made the model nor what hosts the repository. */
  public StartRequest(
      Path file,
      @Nullable String commit,
      @Nullable String version,
      @Nullable String runId,
      boolean allowOlder,
      @Nullable String repository,
      @Nullable String by) {
    this(file, commit, version, runId, allowOlder, repository, by, List.of(), null);
  }

  /** Whether the model was trained elsewhere. */
  public boolean isTrainedElsewhere() {
    return version != null || runId != null;
  }
}
