package dev.portage.start;

import java.nio.file.Path;
import java.util.List;
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
 * @param madeBy who made a model that was trained elsewhere, as the one who asks says
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
