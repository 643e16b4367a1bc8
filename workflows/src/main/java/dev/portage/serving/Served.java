package dev.portage.serving;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model on an endpoint.
 *
 * @param name its name there, such as "churn-7": its address, and what traffic is given to
 * @param model full name of the registered model
 * @param version version of it
 * @param percent of the traffic, 0 to 100
 * @param definition SHA-256 over its other settings, such as size and environment; null for a
 *     planned version, which has not been read yet
 */
public record Served(
    String name, String model, String version, Integer percent, @Nullable String definition) {

  /** The same with another share of the traffic. */
  public Served at(int percent) {
    return new Served(name, model, version, percent, definition);
  }

  /** Whether both are the same; their definitions count only if both have one. */
  boolean isLike(Served other) {
    return name.equals(other.name)
        && model.equalsIgnoreCase(other.model)
        && version.equals(other.version)
        && percent.equals(other.percent)
        && (definition == null
            || other.definition == null
            || Objects.equals(definition, other.definition));
  }
}
