package dev.portage.candidate;

import org.jspecify.annotations.Nullable;

/**
 * The exact thing being promoted. Never "latest".
 *
 * @param origin where it was trained
 * @param originModel registered model it has a version of there, such as "churn" or "dev.ml.churn"
 * @param originVersion that version, such as "7"
 * @param commit full id of the commit it was trained from, null when trained elsewhere and the
 *     version does not say
 * @param manifest its files
 * @param lineage the chain before that version, a line a link, where it was itself copied there;
 *     null when it was made there
 */
public record Candidate(
    ModelLocation origin,
    String originModel,
    String originVersion,
    @Nullable String commit,
    ManifestRef manifest,
    @Nullable String lineage) {

  /** A candidate that was made where it is. */
  public Candidate(
      ModelLocation origin,
      String originModel,
      String originVersion,
      @Nullable String commit,
      ManifestRef manifest) {
    this(origin, originModel, originVersion, commit, manifest, null);
  }
}
