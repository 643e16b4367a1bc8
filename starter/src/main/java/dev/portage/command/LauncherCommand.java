package dev.portage.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * A command that the launcher runs by another program, with options of its own, if it is the first
 * word. It is here so that there is one list of all commands.
 */
abstract class LauncherCommand extends BaseCommand {

  @Unmatched private final List<String> options = new ArrayList<>();

  private final String name;
  private final boolean onlyInACheckout;

  /**
   * @param onlyInACheckout whether what people download has none
   */
  LauncherCommand(CommandEnvironment context, String name, boolean onlyInACheckout) {
    super(context);
    this.name = name;
    this.onlyInACheckout = onlyInACheckout;
  }

  @Override
  int run(Screen screen) {
    String line = String.join(" ", name, String.join(" ", options)).strip();
    throw new UsageException(
        name
            + " is run by another program, so it comes first, and has options of its own: "
            + (onlyInACheckout ? "./portage " : "portage ")
            + line
            + (onlyInACheckout ? ", in a checkout of Portage" : "")
            + "; see: portage "
            + name
            + " --help");
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
      super(context, "demo", true);
    }
  }

  @Command(
      name = "sandbox",
      description = "Run Temporal and two workspaces on this machine, for a project of your own.")
  static final class Sandbox extends LauncherCommand {
    Sandbox(CommandEnvironment context) {
      super(context, "sandbox", true);
    }
  }

  @Command(
      name = "check",
      description = "Check a platform file or a promotion.yaml; needs no worker and no server.")
  static final class Check extends LauncherCommand {
    Check(CommandEnvironment context) {
      super(context, "check", false);
    }
  }

  @Command(name = "worker", description = "Run the steps of promotions in the given workspaces.")
  static final class Worker extends LauncherCommand {
    Worker(CommandEnvironment context) {
      super(context, "worker", false);
    }
  }
}
