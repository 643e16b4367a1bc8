package dev.portage.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * A command that the launcher {@code ./portage} runs by another program, with options of its own.
 * It is here so that there is one list of all commands.
 */
abstract class LauncherCommand extends BaseCommand {

  @Unmatched private final List<String> options = new ArrayList<>();

  private final String name;

  LauncherCommand(CommandEnvironment context, String name) {
    super(context);
    this.name = name;
  }

  @Override
  int run(Screen screen) {
    throw new UsageException(
        "this program has no "
            + name
            + "; run it with the launcher in a checkout of Portage: ./portage "
            + String.join(" ", name, String.join(" ", options)).strip());
  }

  @Override
  @Nullable String promotion() {
    return null;
  }

  @Command(
      name = "demo",
      description = "Play a whole promotion on this machine; no account needed.")
  static final class Demo extends LauncherCommand {
    Demo(CommandEnvironment context) {
      super(context, "demo");
    }
  }

  @Command(
      name = "sandbox",
      description = "Run Temporal and two workspaces on this machine, for a project of your own.")
  static final class Sandbox extends LauncherCommand {
    Sandbox(CommandEnvironment context) {
      super(context, "sandbox");
    }
  }

  @Command(
      name = "check",
      description = "Check a platform file or a promotion.yaml; needs no worker and no server.")
  static final class Check extends LauncherCommand {
    Check(CommandEnvironment context) {
      super(context, "check");
    }
  }

  @Command(name = "worker", description = "Run the steps of promotions in the given workspaces.")
  static final class Worker extends LauncherCommand {
    Worker(CommandEnvironment context) {
      super(context, "worker");
    }
  }
}
