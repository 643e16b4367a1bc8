package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a store was found to be able to do when it is written to. Whole files it takes always.
 *
 * @param method how bytes go, in words for people, as "through the MLflow server"
 * @param parts what holds for uploads in parts, null where there are none
 */
public record WriteCapabilities(@JsonProperty("way") String method, @Nullable PartLimits parts) {

  /** All of it in a few words. */
  public String shown() {
    return method + (parts == null ? ", whole files" : ", large files in parts");
  }
}
