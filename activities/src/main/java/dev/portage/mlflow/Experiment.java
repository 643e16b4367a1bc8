package dev.portage.mlflow;

/**
 * An experiment.
 *
 * @param id MLflow's id
 * @param name its name
 * @param active false when it is deleted
 * @param artifactRoot where artifacts of its runs are stored, permanently; empty if the server does
 *     not say
 */
public record Experiment(String id, String name, boolean active, String artifactRoot) {}
