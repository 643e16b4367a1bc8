package dev.portage.job;

/**
 * A wheel that a step runs.
 *
 * @param step the step, such as "train"
 * @param pack name of the package
 * @param entryPoint what is called: an entry point, or a function of the package
 * @param path where the wheel is, such as {@code /Volumes/main/wheels/churn-1-py3-none-any.whl}
 */
public record WheelNeeds(String step, String pack, String entryPoint, String path) {}
