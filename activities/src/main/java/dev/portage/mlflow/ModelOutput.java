package dev.portage.mlflow;

/**
 * A logged model that a run produced.
 *
 * @param modelId {@code m-…}
 * @param step step of the training that it was logged at, 0 when none was given
 */
public record ModelOutput(String modelId, long step) {}
