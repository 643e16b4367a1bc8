package dev.portage.command;

import java.util.List;
import java.util.Objects;
import picocli.CommandLine;

/**
 * All commands, in the order of the help. Reading the options of one takes milliseconds, so where a
 * command is typed only that one is read.
 */
final class Commands {

  private static final List<String> NAMES =
      List.of(
          "demo",
          "sandbox",
          "init",
          "hello",
          "start",
          "plan",
          "status",
          "watch",
          "report",
          "list",
          "approve",
          "reject",
          "resume",
          "proceed",
          "abort",
          "cancel",
          "rollback",
          "freeze",
          "unfreeze",
          "lift",
          "history",
          "copy",
          "adopt",
          "check",
          "doctor",
          "worker",
          "help");

  /** In the style of the others. */
  private static final String HELP = "Show the help of a command.";

  private Commands() {}

  /** A parser that knows what it needs for these arguments. */
  static CommandLine of(CommandEnvironment context, String... arguments) {
    CommandLine line = new CommandLine(new HereCommand(context));
    String typed = arguments.length == 0 ? "" : arguments[0];
    // The help of another command, and what is not a command, need all of them.
    if (NAMES.contains(typed) && !typed.equals("help")) {
      return line.addSubcommand(command(typed, context));
    }
    NAMES.forEach(name -> line.addSubcommand(command(name, context)));
    Objects.requireNonNull(line.getSubcommands().get("help"), "added")
        .getCommandSpec()
        .usageMessage()
        .description(HELP);
    return line;
  }

  private static Object command(String name, CommandEnvironment context) {
    return switch (name) {
      case "demo" -> new LauncherCommand.Demo(context);
      case "sandbox" -> new LauncherCommand.Sandbox(context);
      case "init" -> new InitCommand(context);
      case "hello" -> new HelloCommand(context);
      case "start" -> new StartCommand(context);
      case "plan" -> new PlanCommand(context);
      case "status" -> new StatusCommand(context);
      case "watch" -> new WatchCommand(context);
      case "report" -> new ReportCommand(context);
      case "list" -> new ListCommand(context);
      case "approve" -> new DecisionCommand.Approve(context);
      case "reject" -> new DecisionCommand.Reject(context);
      case "resume" -> new DecisionCommand.Resume(context);
      case "proceed" -> new DecisionCommand.Proceed(context);
      case "abort" -> new DecisionCommand.Abort(context);
      case "cancel" -> new CancelCommand(context);
      case "history" -> new HistoryCommand(context);
      case "rollback" -> new RollbackCommand(context);
      case "freeze" -> new OrderCommand.Freeze(context);
      case "unfreeze" -> new OrderCommand.Unfreeze(context);
      case "lift" -> new OrderCommand.Lift(context);
      case "copy" -> new CopyCommand(context);
      case "adopt" -> new AdoptCommand(context);
      case "check" -> new LauncherCommand.Check(context);
      case "doctor" -> new DoctorCommand(context);
      case "worker" -> new LauncherCommand.Worker(context);
      case "help" -> new CommandLine.HelpCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
