package dev.portage.release;

import dev.portage.registry.ModelQuery;
import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/**
 * Stores the record of a release: with the model, and as an entry of the workspace's log. On task
 * queue {@code portage/<workspace>}.
 */
@ActivityInterface
public interface ReleaseActivities {

  /**
   * Writes the record as an artifact with the model, and the order's entry into the log; the same
   * twice is one. Returns the artifact's URI.
   */
  String record(ReleaseOrder order);

  /** The record in a run; empty if there is none, or it is not a record. */
  Optional<Release> recorded(RecordQuery query);

  /**
   * The newest release, rollback or adoption that made the version live that is the champion now,
   * whatever became of its workflow; empty if there is no champion, or none of them made it one.
   */
  Optional<Release> liveRelease(ModelQuery query);
}
