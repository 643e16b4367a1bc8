package dev.portage.duplicates;

/**
 * One kind of thing that was made by a key of ours, and how its twins are removed. A record, since
 * it may have to be handed on to another run of the workflow.
 */
public interface DuplicateCheck {

  /** What it is remembered by: another of the same key takes its place. */
  String key();

  /** For messages, as "version of churn". */
  String what();

  /** For messages, as "workspace prod". */
  String where();

  /** Removes its twins, by an activity. */
  DuplicatesRemoved ask();
}
