package dev.portage.duplicates;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of removing duplicates.
 *
 * @param removed the removed duplicates, each in words for people; mostly empty
 * @param mayCome how long another may still appear, since a call that was to create it was given up
 *     without a response; null if none may
 */
public record DuplicatesRemoved(List<String> removed, @Nullable Duration mayCome) {

  public DuplicatesRemoved {
    removed = List.copyOf(removed);
  }

  /** No duplicates now, and none to come. */
  public static DuplicatesRemoved nothing() {
    return new DuplicatesRemoved(List.of(), null);
  }
}
