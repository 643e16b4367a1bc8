package dev.portage.quarantine;

import org.jspecify.annotations.Nullable;

/**
 * A query about candidates of a registered model. One that names neither digest nor commit is about
 * all of them.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param digest digest of the candidate's manifest, null if it is not known yet
 * @param commit full id of its commit, null when unknown
 */
public record QuarantineQuery(
    String workspace, String model, @Nullable String digest, @Nullable String commit) {

  /** About all candidates of a model. */
  public static QuarantineQuery all(String workspace, String model) {
    return new QuarantineQuery(workspace, model, null, null);
  }

  /** Whether an entry of this model is about the candidate. */
  public boolean matches(Quarantined entry) {
    return (digest == null && commit == null)
        || entry.digest().equals(digest)
        || (entry.commit() != null && entry.commit().equals(commit));
  }
}
