package dev.portage.registry;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.tracking.TrainedRun;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Optional;

/**
 * Registered models of a workspace. On task queue {@code portage/<workspace>}; a registration that
 * copies files counts as a copy and is on a queue for copies.
 */
@ActivityInterface
public interface RegistryActivities {

  /**
   * Creates the version, or finds the one with the same key; of several the lowest stays, the
   * others are deleted. A version with the same files that the run has registered itself, and that
   * belongs to no promotion yet, is adopted and tagged instead: the registry gets no second one.
   */
  ModelVersion registerVersion(VersionOrder order);

  /**
   * Searches by key once more and deletes every version but one: the one that the order names, else
   * the lowest. Returns the one that is left, and what was deleted. A version that an alias or
   * stage points at is never deleted.
   */
  SettledVersion settleVersion(VersionOrder order);

  /**
   * As {@link #settleVersion}, at the end of a promotion or copy: there may be none, and it says
   * whether another may still come.
   */
  DuplicatesRemoved removeVersionTwins(VersionOrder order);

  /**
   * Gives an order up: deletes the versions with its key that are not finished, and no other. A
   * repeat finds nothing to delete.
   */
  GivenUp giveUpVersion(VersionOrder order);

  /** One version by its number. A user error when there is none. */
  ModelVersion version(VersionQuery query);

  /**
   * One version by its number, with or without a {@code v} before it, an alias that points at it or
   * the stage it is in. A user error when there is none, or when several are in that stage.
   */
  ModelVersion versionNamed(VersionQuery query);

  /** The run and model behind a version; how {@code --version} finds what was trained elsewhere. */
  TrainedRun runOf(VersionQuery query);

  /** Whether there is a registered model of that name, with or without versions. */
  boolean isRegistered(String workspace, String model);

  /** The version that is live, if there is one. */
  Optional<Champion> champion(ModelQuery query);

  /** Moves an alias or stage to exactly this version; a repeat changes nothing. */
  Marked mark(MarkOrder order);

  /** Takes a mark back from a version that still has it; a repeat changes nothing. */
  Unmarked unmark(UnmarkOrder order);

  /** Versions that a promotion made, lowest first; empty when there are none or no such model. */
  List<ModelVersion> versionsOf(PromotionQuery query);

  /**
   * Versions whose label says that they were released, the highest first. Where searches return no
   * tags, as in Unity Catalog, only the newest versions are looked at, and those that the query
   * names.
   */
  List<ReleasedVersion> releasedVersions(ReleasedQuery query);

  /** Writes tags on a version; repeating is harmless. */
  void labelVersion(VersionLabels labels);
}
