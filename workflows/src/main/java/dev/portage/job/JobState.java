package dev.portage.job;

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
    @Nullable List<String> remarks) {

  public JobState {
    remarks = remarks == null ? null : List.copyOf(remarks);
  }

  /** A job of which only its identity and previous state are known. */
  public JobState(
      long jobId,
      String name,
      String settingsHash,
      @Nullable String modelVersion,
      @Nullable String commit,
      @Nullable URI page,
      @Nullable String promotion,
      @Nullable String previousHash,
      @Nullable String undoUri) {
    this(
        jobId,
        name,
        settingsHash,
        modelVersion,
        commit,
        page,
        promotion,
        previousHash,
        undoUri,
        null,
        null);
  }

  /** A job that does not say who made it what it is. */
  public JobState(
      long jobId,
      String name,
      String settingsHash,
      @Nullable String modelVersion,
      @Nullable String commit,
      @Nullable URI page) {
    this(jobId, name, settingsHash, modelVersion, commit, page, null, null, null);
  }

  /**
   * The same job, with no more details than another read has: what a worker of an earlier release
   * did not report is no difference.
   */
  public JobState asKnownTo(@Nullable JobState look) {
    return look == null || look.runAs() != null || look.remarks() != null
        ? this
        : new JobState(
            jobId,
            name,
            settingsHash,
            modelVersion,
            commit,
            page,
            promotion,
            previousHash,
            undoUri);
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
}
