package dev.portage.localworkspace.artifacts;

import dev.portage.localworkspace.blobs.BlobSettings;
import java.time.Duration;

/**
 * Where artifacts are stored and how they are served.
 *
 * @param store keeps the files
 * @param urlLife how long a signed URL is good; an hour on Databricks
 * @param pageSize how many entries a page of credentials or of a listing has
 */
public record ArtifactSettings(BlobSettings store, Duration urlLife, int pageSize) {
  private static final Duration LONGEST = Duration.ofDays(7);

  /** Checks the bounds. */
  public ArtifactSettings {
    if (urlLife.toSeconds() < 1 || urlLife.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Signed URLs must be valid for between 1 second and 7 days, not " + urlLife);
    }
    if (pageSize < 1 || pageSize > 2000) {
      throw new IllegalArgumentException("pageSize must be between 1 and 2000, not " + pageSize);
    }
  }

  /** A store with an hour for each URL and a thousand entries a page. */
  public static ArtifactSettings in(BlobSettings store) {
    return new ArtifactSettings(store, Duration.ofHours(1), 1000);
  }
}
