package dev.portage.platform;

/** The current platform file: changed hosts, logins, pools and groups apply from their next use. */
@FunctionalInterface
public interface PlatformSource {

  /**
   * Its content.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, with file and line, when it is wrong
   *     by now
   */
  Platform platform();
}
