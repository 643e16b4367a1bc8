package dev.portage.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.portage.page.TerminalText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code portage} command. */
@Command(
    name = "portage",
    version = "portage 0.1.0",
    mixinStandardHelpOptions = true,
    description = "Promotes models from the workspace they were trained in to production.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 usage or file error, 3 rejected, 4 still waiting.",
      "Temporal: the TEMPORAL_* variables, otherwise the running sandbox: of this folder, or the nearest."
    })
public final class PortageCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  private PortageCommand() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String... arguments) {
    quieten();
    System.exit(run(CommandEnvironment.ofProcess(), arguments));
  }

  /** Runs the command and returns its exit code. Safe to call from many threads. */
  public static int run(CommandEnvironment context, String... arguments) {
    CommandLine command =
        new CommandLine(new PortageCommand())
            .addSubcommand(new StartCommand(context))
            .addSubcommand(new PlanCommand(context))
            .addSubcommand(new StatusCommand(context))
            .addSubcommand(new WatchCommand(context))
            .addSubcommand(new ReportCommand(context))
            .addSubcommand(new ListCommand(context))
            .addSubcommand(new DecisionCommand.Approve(context))
            .addSubcommand(new DecisionCommand.Reject(context))
            .addSubcommand(new DecisionCommand.Resume(context))
            .addSubcommand(new CancelCommand(context))
            .addSubcommand(new CopyCommand(context))
            .addSubcommand(new DoctorCommand(context))
            .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler(PortageCommand::usageError)
            .setExecutionExceptionHandler((exception, line, parsed) -> {
              context.err().println(unexpected(exception, context.environment()));
              if (context.environment().containsKey("PORTAGE_TRACE")) {
                exception.printStackTrace(context.err());
              }
              return ExitCode.FAILED;
            });
    return written(context, command.execute(arguments));
  }

  /** What the user typed is escaped, even if it is no option. */
  private static int usageError(CommandLine.ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(TerminalText.line(String.valueOf(exception.getMessage())));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(exception, err)) {
      command.usage(err, Ansi.OFF);
    }
    return ExitCode.WRONG;
  }

  /** Settings hold keys and logins, and a library may quote them. */
  private static String unexpected(Exception exception, Map<String, String> environment) {
    String told = exception.toString();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().startsWith("TEMPORAL_") && variable.getValue().length() > 7) {
        told = told.replace(variable.getValue(), "$" + variable.getKey());
      }
    }
    return TerminalText.line(
        "unexpected error: " + told + "; rerun with PORTAGE_TRACE=1 and report the output");
  }

  /** If output was lost, the command has failed, whatever it would have said. */
  private static int written(CommandEnvironment context, int code) {
    PrintStream out = context.out();
    if (!out.checkError()) {
      return code;
    }
    if (!(out instanceof CheckedOutput written && written.readerIsGone())) {
      context.err().println("cannot write to standard output");
    }
    return code == ExitCode.DONE ? ExitCode.FAILED : code;
  }

  /** Without a subcommand: says what there is. */
  @Override
  public void run() {
    if (spec != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "missing command");
    }
  }

  /** The result is on standard output, and nothing else. */
  private static void quieten() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.OFF);
    }
  }
}
