package dev.portage.platform;

/** The platform file as it is now: hosts, logins, pools and groups count from their next use. */
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
