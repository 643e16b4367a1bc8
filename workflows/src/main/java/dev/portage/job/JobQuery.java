package dev.portage.job;

import org.jspecify.annotations.Nullable;

/**
 * A query for a stored job.
 *
 * @param workspace where it lives
 * @param name its name
 * @param model registered model that its tag names
 * @param promotion id of the promotion that asks: jobs that it created in addition to the one in
 *     use are no clones; null if none asks, or from a writer that did not say
 * @param recorded id of the job as the last release recorded it: where no list shows the job, that
 *     one is read, since a list may be behind; null where none is recorded, or from a writer that
 *     did not say
 * @param theirs whether it is a job of the team's, found by its name or id in digits alone and
 *     never changed; null for no, or from a writer that did not say
 * @param registered full name of the registered model that it is to score with: a job that scores
 *     with another one is refused. Null where any is fine, and from a writer that did not say
 */
public record JobQuery(
    String workspace,
    String name,
    String model,
    @Nullable String promotion,
    @Nullable Long recorded,
    @Nullable Boolean theirs,
    @Nullable String registered) {

  /** A query without a previous job. */
  public JobQuery(String workspace, String name, String model, @Nullable String promotion) {
    this(workspace, name, model, promotion, null, null, null);
  }

  /** A query outside a promotion. */
  public JobQuery(String workspace, String name, String model) {
    this(workspace, name, model, null, null, null, null);
  }

  /** The same, knowing which job the last release recorded. */
  public JobQuery recordedAs(long id) {
    return new JobQuery(workspace, name, model, promotion, id, theirs, registered);
  }

  /** The same for a job that is to score with this registered model; null for any. */
  public JobQuery toScoreWith(@Nullable String other) {
    return new JobQuery(workspace, name, model, promotion, recorded, theirs, other);
  }

  /** A query for a team's own job, by its name or its id in digits. */
  public static JobQuery ofTheirs(String workspace, String job, String model) {
    return new JobQuery(workspace, job, model, null, null, true, null);
  }

  /** Whether it is a job of the team's. */
  public boolean asksForTheirs() {
    return Boolean.TRUE.equals(theirs);
  }
}
