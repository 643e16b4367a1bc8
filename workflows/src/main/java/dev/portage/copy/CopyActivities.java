package dev.portage.copy;

import dev.portage.candidate.ManifestRef;
import io.temporal.activity.ActivityInterface;

/** Moves bytes. Long: heartbeats carry a {@link CopyProgress}. */
@ActivityInterface
public interface CopyActivities {

  /**
   * Reads every file once and stores the manifest as an artifact of the run. On the origin's queue.
   */
  ManifestRef makeManifest(ManifestOrder order);

  /**
   * Makes the target's run, streams the files into it, compares each part with the manifest on the
   * way, reads all back, and carries params, metrics and tags. On the target's queue. A second call
   * moves what is missing, or nothing.
   */
  CopyResult copy(CopyOrder order);
}
