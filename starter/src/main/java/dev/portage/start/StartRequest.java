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

  /** Whether the model was trained elsewhere. */
  public boolean isTrainedElsewhere() {
    return version != null || runId != null;
  }

  /**
   * Requires what names a model trained elsewhere to be right.
   *
   * @throws StartException if it is not
   */
  void requireOneModel() {
    if (version != null && runId != null) {
      throw new StartException("use --version or --run-id, not both");
    }
    if (version != null && !version.matches("[1-9][0-9]{0,17}")) {
      throw new StartException(
          "--version must be a whole number such as 7, not \"" + version + "\"");
    }
    if (runId != null && !runId.matches("[0-9A-Za-z-]{12,64}")) {
      throw new StartException(
          "--run-id must be the id of an MLflow run (32 hex digits), not \"" + runId + "\"");
    }
  }

  /** One to be filled in; what is not named is null, empty or false. */
  public static Builder of(Path file) {
    return new Builder(file);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final Path file;
    private @Nullable String commit;
    private @Nullable String version;
    private @Nullable String runId;
    private boolean allowOlder;
    private @Nullable String repository;
    private @Nullable String by;
    private List<String> madeBy = List.of();
    private @Nullable String gitProvider;

    private Builder(Path file) {
      this.file = file;
    }

    /** Commit to take it from, null for the pipeline's or the last one. */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** Version in the first workspace to promote, null unless given. */
    public Builder version(@Nullable String version) {
      this.version = version;
      return this;
    }

    /** Run in the first workspace to promote, null unless given. */
    public Builder runId(@Nullable String runId) {
      this.runId = runId;
      return this;
    }

    /** Whether going back to an older commit is wanted. */
    public Builder allowOlder(boolean allowOlder) {
      this.allowOlder = allowOlder;
      return this;
    }

    /** Address that workspaces take notebooks from, null to find out. */
    public Builder repository(@Nullable String repository) {
      this.repository = repository;
      return this;
    }

    /** Who starts it, null to find out. */
    public Builder by(@Nullable String by) {
      this.by = by;
      return this;
    }

    /** Who made a model that was trained elsewhere, according to whoever starts it. */
    public Builder madeBy(List<String> madeBy) {
      this.madeBy = madeBy;
      return this;
    }

    /** Databricks' name of the service that hosts the repository, null to find out. */
    public Builder gitProvider(@Nullable String gitProvider) {
      this.gitProvider = gitProvider;
      return this;
    }

    /** What was filled in. */
    public StartRequest build() {
      return new StartRequest(
          file, commit, version, runId, allowOlder, repository, by, madeBy, gitProvider);
    }
  }
}
