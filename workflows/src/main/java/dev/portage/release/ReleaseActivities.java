package dev.portage.release;

import io.temporal.activity.ActivityInterface;

/** Keeps the record of a release where the model is. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface ReleaseActivities {

  /** Writes the record as an artifact; the same record twice is one. Returns the artifact's URI. */
  String record(ReleaseOrder order);
}
