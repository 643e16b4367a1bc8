package dev.portage.scoring;

/** Names of parameters by which a run of a scoring job can be told. */
public final class ScoringParameters {

  /** Id of the promotion that began the run. */
  public static final String PROMOTION = "promotion_id";

  private ScoringParameters() {}
}
