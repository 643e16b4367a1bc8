package dev.portage.settings;

import java.time.Duration;
import java.util.Map;

/**
 * A notebook to run once.
 *
 * @param notebook relative to {@code promotion.yaml}, as {@code notebooks/train.py}
 * @param parameters values of its widgets
 * @param timeout after which the workspace ends it
 */
public record NotebookSettings(String notebook, Map<String, String> parameters, Duration timeout) {

  public NotebookSettings {
    parameters = Map.copyOf(parameters);
  }
}
