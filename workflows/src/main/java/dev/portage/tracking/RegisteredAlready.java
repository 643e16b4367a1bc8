package dev.portage.tracking;

/**
 * A version that a notebook registered itself, for example through {@code log_model(…,
 * registered_model_name=…)}.
 *
 * @param model registered model, which need not be the promotion's
 * @param version such as "7"
 */
public record RegisteredAlready(String model, String version) {}
