package dev.portage.duplicates;

/**
 * One kind of thing created under one of our keys, and how to remove its duplicates. A record,
 * since it may be handed to another run of the workflow.
 */
public interface DuplicateCheck {

  /** What it is remembered by: another of the same key takes its place. */
  String key();

  /** For messages, such as "version of churn". */
  String what();

  /** For messages, such as "workspace prod". */
  String where();

  /** Task queue of the workspace's workers. */
  String queue();

  /** What may have been made twice. */
  PossibleDuplicates of();

  /** Removes its duplicates, by an activity of its own. */
  DuplicatesRemoved ask();
}
