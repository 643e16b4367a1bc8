package dev.portage.localworkspace.calls;

/** Handles one kind of call, for callers that have the right. */
@FunctionalInterface
public interface ApiHandler {
  /**
   * Handles the call and answers it.
   *
   * @throws Exception an {@link dev.portage.localworkspace.protocol.ApiRefusal} becomes that
   *     response; anything else becomes a 500 and is logged
   */
  void handle(ApiCall call) throws Exception;
}
