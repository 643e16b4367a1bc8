package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a store was found to be able to do when it is read.
 *
 * @param method how bytes come, in words for people, as "through the MLflow server"
 * @param ranges whether a part of a file can be asked for; without it a file comes from its start
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
