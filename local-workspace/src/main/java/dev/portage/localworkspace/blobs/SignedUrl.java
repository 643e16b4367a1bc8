package dev.portage.localworkspace.blobs;

import java.util.Map;

/**
 * A URL that needs no login, for one file and one use.
 *
 * @param url with the signature in its query
 * @param headers that must be sent with it
 */
public record SignedUrl(String url, Map<String, String> headers) {
  /** Keeps its own copy. */
  public SignedUrl {
    headers = Map.copyOf(headers);
  }

  /** For messages: never the signature. */
  @Override
  public String toString() {
    return "a signed URL";
  }
}
