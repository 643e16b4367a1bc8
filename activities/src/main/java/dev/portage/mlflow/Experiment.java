package dev.portage.mlflow;

/**
 * An experiment.
 *
 * @param id MLflow's id
 * @param name its name
 * @param active false when it is deleted
 * @param artifactRoot where artifacts of its runs lie, for good; empty when the server does not say
 */
public record Experiment(String id, String name, boolean active, String artifactRoot) {}
