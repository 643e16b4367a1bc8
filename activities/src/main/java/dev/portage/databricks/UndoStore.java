package dev.portage.databricks;

import dev.portage.duplicates.DuplicatesRemoved;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the settings that a job had before it was changed, outside of history, which holds their
 * address and hash alone.
 */
public interface UndoStore {
  /**
   * Keeps a text. The same workspace and key again may keep it in the same place, in place of what
   * was there.
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
   * @param uri where the text of the change is kept that counts, null when none does: then one
   *     stays
   */
  DuplicatesRemoved settle(String workspace, String key, @Nullable String uri);

  /**
   * Gives the text back, unchanged.
   *
   * @param uri what {@link #put} returned
   */
  String get(String workspace, String uri);
}
