package dev.portage.databricks;

import dev.portage.duplicates.DuplicatesRemoved;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the settings that a job had before a change outside of history, which holds only their
 * address and hash.
 */
public interface UndoStore {
  /**
   * Stores a text. The same text of the same workspace and key stays where it is; another one gets
   * a place of its own, since what was stored may be recorded already.
   *
   * @param workspace whose job it is
   * @param key key of the change that is about to be made
   * @param json the settings before, canonical
   * @return where it is kept; at most 200 characters of ASCII, since it becomes a tag of the job
   */
  String put(String workspace, String key, String json);

  /**
   * Removes what was kept of one change twice.
   *
   * @param key key of the change, or another under which nothing is kept: then that of what the URI
   *     names counts
   * @param uri where the text of the change is kept that counts; null when that is not known: then
   *     only what was not stored to its end is removed, and one stays
   */
  DuplicatesRemoved settle(String workspace, String key, @Nullable String uri);

  /**
   * Gives the text back, unchanged.
   *
   * @param uri what {@link #put} returned
   */
  String get(String workspace, String uri);

  /**
   * Gives back what was stored under a key, by an attempt that may not have told where; empty if
   * nothing was.
   */
  Optional<String> find(String workspace, String key);
}
