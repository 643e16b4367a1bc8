package dev.portage.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks once before something changes that readers depend on. */
final class Confirmation {

  private final Screen screen;
  private final CommandEnvironment context;

  Confirmation(Screen screen, CommandEnvironment context) {
    this.screen = screen;
    this.context = context;
  }

  /**
   * Whether to go on.
   *
   * @param question such as "Roll back?"
   * @param yes whether that was said on the command line
   * @throws UsageException where nobody can be asked
   */
  boolean given(String question, boolean yes) {
    if (yes) {
      return true;
    }
    if (!context.terminal() || screen.isJson()) {
      throw new UsageException(
          "nothing was changed: nobody can be asked here; to go on without, add --yes");
    }
    screen.ask(question + " [y/N] ");
    @Nullable String typed = context.typed().line();
    String answer = typed == null ? "" : typed.strip().toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }
}
