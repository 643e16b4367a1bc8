package dev.portage.localworkspace.calls;

/** Handles one kind of call, for callers who have the right. */
@FunctionalInterface
public interface ApiHandler {
  /**
   * Handles the call and answers it.
   *
   * @throws Exception an {@link dev.portage.localworkspace.protocol.ApiRefusal} is answered as
   *     such; anything else is answered as 500 and logged
   */
  void handle(ApiCall call) throws Exception;
}
