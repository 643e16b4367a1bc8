package dev.portage.mlflow;

/**
 * An experiment.
 *
 * @param id MLflow's id
 * @param name its name
 * @param active false when it is deleted
 */
public record Experiment(String id, String name, boolean active) {}
