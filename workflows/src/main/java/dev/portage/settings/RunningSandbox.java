package dev.portage.settings;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The running sandbox that commands use, for those that connect to no server. Whoever knows the
 * sandboxes of this machine provides it as a service; where nobody does, there is none.
 */
public interface RunningSandbox {

  /** Variable that names the sandbox to use: its name, its folder, or one below that. */
  String VARIABLE = "PORTAGE_SANDBOX";

  /**
   * The path of its platform file; empty where none runs, and where commands use another Temporal.
   *
   * @param environment variables by name
   * @param folder path of the folder where the command runs
   * @param notes hears what should be said about the choice, a line each
   * @throws UnclearException when the one that was named does not run, or several may be meant
   */
  Optional<String> platform(Map<String, String> environment, String folder, Consumer<String> notes);

  /** It is unclear which one is meant; the message says which there are. */
  final class UnclearException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for people. */
    public UnclearException(String message) {
      super(message);
    }
  }
}
