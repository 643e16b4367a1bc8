package dev.portage.release;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** Stores the record of a release with the model. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface ReleaseActivities {

  /** Writes the record as an artifact; the same record twice is one. Returns the artifact's URI. */
  String record(ReleaseOrder order);

  /** The record in a run; empty if there is none, or it is not a record. */
  Optional<Release> recorded(RecordQuery query);
}
