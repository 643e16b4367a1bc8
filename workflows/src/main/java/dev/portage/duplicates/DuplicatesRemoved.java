package dev.portage.duplicates;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look for twins came to.
 *
 * @param removed what was there twice and is removed, each in words for people; mostly empty
 * @param mayCome how long another may still come into being, since a call that was to make it was
 *     given up without an answer; null when none may
 */
public record DuplicatesRemoved(List<String> removed, @Nullable Duration mayCome) {

  public DuplicatesRemoved {
    removed = List.copyOf(removed);
  }

  /** Nothing was there twice, and nothing may come. */
  public static DuplicatesRemoved nothing() {
    return new DuplicatesRemoved(List.of(), null);
  }
}
