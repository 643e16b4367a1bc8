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

  /** Removes its duplicates, by an activity. */
  DuplicatesRemoved ask();
}
