package dev.portage.job;

import java.util.List;

/**
 * What a step wants of a job that the team has in the workspace.
 *
 * @param step the step, as "train"
 * @param job its name, or its id in digits
 * @param parameters names that {@code promotion.yaml} gives values for
 * @param purpose what it is run for
 */
public record TheirJobNeeds(String step, String job, List<String> parameters, Purpose purpose) {

  /** What a job is run for. */
  public enum Purpose {
    /** It only has to succeed. */
    CHECK,
    /** It has to make an MLflow run with a model. */
    TRAIN,
    /** It has to score with the version that it is told. */
    SCORE
  }

  public TheirJobNeeds {
    parameters = List.copyOf(parameters);
  }
}
