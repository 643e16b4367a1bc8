package dev.portage.scoring;

/** Names of the parameters that Portage passes to a run of a scoring job. */
public final class ScoringParameters {

  /** Id of the promotion that began the run. */
  public static final String PROMOTION = "promotion_id";

  private ScoringParameters() {}
}
