package dev.portage.databricks;

import dev.portage.candidate.ModelLocation;
import java.util.Optional;

/** The input example that was logged with a model. */
@FunctionalInterface
public interface ModelExample {

  /**
   * It, as the body of a request.
   *
   * @return empty where the model has none that an endpoint takes
   */
  Optional<String> of(ModelLocation model);
}
