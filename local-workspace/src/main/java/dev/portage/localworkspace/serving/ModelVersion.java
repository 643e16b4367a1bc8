package dev.portage.localworkspace.serving;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A version of a registered model.
 *
 * @param model the registered model's name
 * @param version its version
 * @param source where it was registered from: tells it from an earlier one of the same name and
 *     number
 * @param files where its files are on this machine; null where the registry has them
 */
public record ModelVersion(String model, String version, String source, @Nullable Path files) {
  /** Model and version as faults name them, such as {@code main.ml.churn/3}. */
  public String path() {
    return model + "/" + version;
  }
}
