package dev.portage.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The current state of a stored job.
 *
 * @param jobId its id in the workspace
 * @param name its name
 * @param settingsHash SHA-256 over its settings' canonical JSON: equal hashes, equal definitions
 * @param modelVersion version that it scores with, null when the job does not say
 * @param commit commit that it runs, null when the job does not say
 * @param page where people see it, null when unknown
 * @param promotion id of the promotion that made it what it is, null when the job does not say
 * @param previousHash hash of its settings before that, null when there was no job
 * @param undoUri artifact that holds its settings before that, null when there was no job
 * @param runAs whom it runs as, which no promotion changes; null when unknown, or from a writer
 *     that did not say
 * @param remarks what else approvers must know about it, one line each: what can't be restored, and
 *     which other jobs of the model keep running; null for nothing
 * @param resumes pause status that it gets once the champion has moved, "PAUSED" or "UNPAUSED";
 *     null where no promotion has paused it, or from a writer that paused none
 * @param resumedHash hash of its settings once it is resumed; null where that is the present hash,
 *     or from a writer that did not say
 * @param code which code its tasks run; null for a job without tasks, or from a writer that did not
 *     say
 */
public record JobState(
    long jobId,
    String name,
    String settingsHash,
    @Nullable String modelVersion,
    @Nullable String commit,
    @Nullable URI page,
    @Nullable String promotion,
    @Nullable String previousHash,
    @Nullable String undoUri,
    @Nullable String runAs,
    @Nullable List<String> remarks,
    @Nullable String resumes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String resumedHash,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JobCode code) {

  public JobState {
    remarks = remarks == null ? null : List.copyOf(remarks);
  }

  /** A job that does not say who made it what it is. */
  public JobState(
      long jobId,
      String name,
      String settingsHash,
      @Nullable String modelVersion,
      @Nullable String commit,
      @Nullable URI page) {
    this(
        jobId,
        name,
        settingsHash,
        modelVersion,
        commit,
        page,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Hash of its settings as they are to stay: those of a paused job once it is resumed. */
  public String lastingHash() {
    return resumedHash == null ? settingsHash : resumedHash;
  }

  /**
   * The change that made it what it is, according to the job itself; empty if no promotion did. So
   * a change is known even if its response was lost.
   */
  public Optional<JobChange> change() {
    return promotion == null
        ? Optional.empty()
        : Optional.of(
            new JobChange(
                this,
                undoUri == null && previousHash == null
                    ? JobChange.Effect.CREATED
                    : JobChange.Effect.RESET,
                previousHash,
                undoUri));
  }

  /** The same job with the settings of another hash. */
  public JobState hashed(String hash) {
    return of(jobId, name, hash)
        .scores(modelVersion, commit)
        .page(page)
        .madeBy(promotion, previousHash, undoUri)
        .runAs(runAs)
        .remarks(remarks)
        .code(code)
        .build();
  }

  /** One to be filled in; what is not named is null. */
  public static Builder of(long jobId, String name, String settingsHash) {
    return new Builder(jobId, name, settingsHash);
  }

  /** This one, to be changed. */
  Builder toBuilder() {
    Builder builder = new Builder(jobId, name, settingsHash);
    builder.modelVersion = modelVersion;
    builder.commit = commit;
    builder.page = page;
    builder.promotion = promotion;
    builder.previousHash = previousHash;
    builder.undoUri = undoUri;
    builder.runAs = runAs;
    builder.remarks = remarks;
    builder.resumes = resumes;
    builder.resumedHash = resumedHash;
    builder.code = code;
    return builder;
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final long jobId;
    private final String name;
    private final String settingsHash;
    private @Nullable String modelVersion;
    private @Nullable String commit;
    private @Nullable URI page;
    private @Nullable String promotion;
    private @Nullable String previousHash;
    private @Nullable String undoUri;
    private @Nullable String runAs;
    private @Nullable List<String> remarks;
    private @Nullable String resumes;
    private @Nullable String resumedHash;
    private @Nullable JobCode code;

    private Builder(long jobId, String name, String settingsHash) {
      this.jobId = jobId;
      this.name = name;
      this.settingsHash = settingsHash;
    }

    /** Version that it scores with, and commit that it runs. */
    public Builder scores(@Nullable String modelVersion, @Nullable String commit) {
      this.modelVersion = modelVersion;
      this.commit = commit;
      return this;
    }

    /** Where people see it, null when unknown. */
    public Builder page(@Nullable URI page) {
      this.page = page;
      return this;
    }

    /** The promotion that made it what it is, and hash and artifact of its settings before. */
    public Builder madeBy(
        @Nullable String promotion, @Nullable String previousHash, @Nullable String undoUri) {
      this.promotion = promotion;
      this.previousHash = previousHash;
      this.undoUri = undoUri;
      return this;
    }

    /**
     * Whom it runs as, which no promotion changes; null when unknown, or from a writer that did not
     * say.
     */
    public Builder runAs(@Nullable String runAs) {
      this.runAs = runAs;
      return this;
    }

    /**
     * What else approvers must know about it, one line each: what can't be restored, and which
     * other jobs of the model keep running; null for nothing.
     */
    public Builder remarks(@Nullable List<String> remarks) {
      this.remarks = remarks;
      return this;
    }

    /**
     * Pause status once the champion has moved, and hash of the settings since; null where no
     * promotion has paused it.
     */
    public Builder resumes(@Nullable String resumes, @Nullable String resumedHash) {
      this.resumes = resumes;
      this.resumedHash = resumedHash;
      return this;
    }

    /** Which code its tasks run; null where that is unknown. */
    public Builder code(@Nullable JobCode code) {
      this.code = code;
      return this;
    }

    /** What was filled in. */
    public JobState build() {
      return new JobState(
          jobId,
          name,
          settingsHash,
          modelVersion,
          commit,
          page,
          promotion,
          previousHash,
          undoUri,
          runAs,
          remarks,
          resumes,
          resumedHash,
          code);
    }
  }
}
