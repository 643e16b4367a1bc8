package dev.portage.databricks;

import org.jspecify.annotations.Nullable;

/** The command that hands a job or an endpoint over to the promotions of a model. */
final class AdoptHint {
  private AdoptHint() {}

  /**
   * The command line.
   *
   * @param model the model's name in {@code promotion.yaml}
   * @param registered full name of the registered model; null if unknown
   * @param option {@code --job} or {@code --endpoint}
   * @param name of the job or the endpoint
   */
  static String command(
      String model, @Nullable String registered, String workspace, String option, String name) {
    boolean isOther = registered != null && !OtherRegistered.isSame(registered, model);
    return "portage adopt "
        + (isOther ? shellWord(String.valueOf(registered)) : model)
        + " --workspace "
        + workspace
        + (isOther ? " --as " + model : "")
        + " "
        + option
        + " "
        + shellWord(name);
  }

  /** As it is typed in a shell. */
  private static String shellWord(String text) {
    return text.matches("[A-Za-z0-9_./:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
