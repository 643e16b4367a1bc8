package dev.portage.copy;

import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.duplicates.DuplicatesRemoved;
import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/**
 * Moves bytes. Takes long: heartbeats carry a {@link CopyProgress}. A copy is one activity or, if
 * it is large, a plan, its partitions in parallel, and a final activity.
 */
@ActivityInterface
public interface CopyActivities {

  /**
   * Reads every file once and stores the manifest as an artifact of the run. On the origin's queue
   * of manifests.
   */
  ManifestRef makeManifest(ManifestOrder order);

  /**
   * An existing manifest, from the run that holds the files, else from where it was stored; empty
   * if it is gone. On the queue of the workspace that holds the files.
   */
  Optional<ManifestRef> findManifest(ManifestQuery query);

  /**
   * Inspects what a copy would read: lists the files and requests one byte. Changes nothing. On the
   * target's queue, since its workers do the copy.
   *
   * @param source where the files are
   */
  CopyPreview previewCopy(ModelLocation source);

  /**
   * Makes the target's run, streams the files into it, compares each part with the manifest on the
   * way, reads all back, and carries params, metrics and tags. On the target's queue. A second call
   * moves what is missing, or nothing.
   */
  CopyResult copy(CopyOrder order);

  /**
   * Makes the target's run with params, metrics and tags, makes sure that the source is as it was,
   * and cuts the files into partitions. No file is moved. On the target's queue.
   */
  CopyPlan planCopy(CopyOrder order);

  /** Streams the files of one partition and checks them. On the target's queue. */
  PartitionResult copyPartition(PartitionOrder order);

  /**
   * Makes sure that the target holds all files of the manifest and no other, and says that the copy
   * is complete. On the target's queue.
   */
  CopyResult finishCopy(FinishOrder order);

  /**
   * Removes everything of a copy but the run and the model in use, which a call without a response
   * may have left. On the target's queue.
   */
  DuplicatesRemoved removeCopyTwins(CopyDuplicates twins);
}
