package dev.portage.login;

import java.time.Instant;

/**
 * A token that lasts for a while.
 *
 * @param value the token itself
 * @param expires when servers refuse it
 */
record AccessToken(String value, Instant expires) {

  @Override
  public String toString() {
    return "(token until " + expires + ")";
  }
}
