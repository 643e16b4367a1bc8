package dev.portage.duplicates;

import dev.portage.activity.Stubs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One kind of thing created under one of our keys, and how to remove its duplicates. A record,
 * since it may be handed to another run of the workflow.
 */
public interface DuplicateCheck {

  /** What it is remembered by: another of the same key takes its place. */
  String key();

  /** For messages, such as "version of churn". */
  String what();

  /** Workspace in which it was created. */
  String workspace();

  /** Task queue of the workspace's workers. */
  String queue();

  /** What may have been made twice. */
  PossibleDuplicates of();

  /**
   * How long a duplicate may still appear, where what was created has no trace of the call that
   * created it; null where that is known from what is found.
   */
  default @Nullable Duration mayCome() {
    return null;
  }

  /** Removes its duplicates, by an activity of its own. */
  DuplicatesRemoved ask();

  /**
   * Stub of the activity that removes them.
   *
   * @param activities interface that has it
   */
  default <A> A removal(Class<A> activities) {
    return Stubs.afterwards(
        activities, queue(), Deduplication.TIMEOUT, "check for a second " + what() + "?");
  }
}
