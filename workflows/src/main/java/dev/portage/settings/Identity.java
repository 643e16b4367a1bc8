package dev.portage.settings;

/** How people are identified. */
public enum Identity {
  /**
   * People say who they are and are believed. For one machine; a promotion says so wherever it
   * names people.
   */
  CLAIMED
}
