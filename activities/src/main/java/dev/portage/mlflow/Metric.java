package dev.portage.mlflow;

/**
 * One value of a metric.
 *
 * @param key its name
 * @param value may be NaN or infinite
 * @param timestamp milliseconds since 1970
 * @param step step of the training
 */
public record Metric(String key, double value, long timestamp, long step) {}
