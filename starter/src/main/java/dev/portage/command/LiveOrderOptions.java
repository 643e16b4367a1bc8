package dev.portage.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands have in common that show what becomes of a model, ask once, and do it. */
final class LiveOrderOptions {

  @Option(names = "--yes", description = "Don't ask before it is done.")
  private boolean yes;

  @Option(names = "--by", paramLabel = "NAME", description = "Who orders it.")
  private @Nullable String by;

  /** Who orders it, null if nobody said. */
  @Nullable String by() {
    return by;
  }

  /** Asks, unless that was answered in advance. */
  boolean agreed(Screen screen, CommandEnvironment context, String question) {
    return new Confirmation(screen, context).given(question, yes);
  }
}
