package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a store was found to support for writes. Every store accepts whole files.
 *
 * @param method how bytes are written, in words for people, such as "through the MLflow server"
 * @param parts what holds for uploads in parts, null where there are none
 */
public record WriteCapabilities(@JsonProperty("way") String method, @Nullable PartLimits parts) {

  /** All of it in a few words. */
  public String shown() {
    return method + (parts == null ? ", whole files" : ", large files in parts");
  }
}
