package dev.portage.job;

import java.util.List;

/**
 * What a step needs from the team's own job in the workspace.
 *
 * @param step the step, such as "train"
 * @param job its name, or its id in digits
 * @param parameters names that {@code promotion.yaml} gives values for
 * @param purpose what it is run for
 */
public record TeamJobNeeds(String step, String job, List<String> parameters, Purpose purpose) {

  /** What a job is run for. */
  public enum Purpose {
    /** It only has to succeed. */
    CHECK,
    /** It has to make an MLflow run with a model. */
    TRAIN,
    /** It must score with the given version. */
    SCORE
  }

  public TeamJobNeeds {
    parameters = List.copyOf(parameters);
  }
}
