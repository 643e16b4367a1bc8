package dev.portage.release;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** Keeps the record of a release where the model is. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface ReleaseActivities {

  /** Writes the record as an artifact; the same record twice is one. Returns the artifact's URI. */
  String record(ReleaseOrder order);

  /** The record that a run holds; empty when it holds none, or what is there is none. */
  Optional<Release> recorded(RecordQuery query);
}
