package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a store was found to support for reads.
 *
 * @param method how bytes are read, in words for people, such as "through the MLflow server"
 * @param ranges whether a part of a file can be requested; otherwise a file is read from its start
 * @param lengths whether it says beforehand how long an answer is
 */
public record ReadCapabilities(
    @JsonProperty("way") String method, boolean ranges, boolean lengths) {

  /** All of it in a few words. */
  public String shown() {
    return method
        + (ranges ? ", in ranges" : ", whole files")
        + (lengths ? "" : ", no Content-Length");
  }
}
