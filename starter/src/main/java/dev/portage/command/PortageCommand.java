package dev.portage.command;

import dev.portage.page.TerminalText;
import dev.portage.text.UsageError;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;

/** The {@code portage} command. */
public final class PortageCommand {

  private static final Set<String> ANYWHERE = Set.of("--output", "--sandbox");

  private PortageCommand() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String... arguments) {
    quieten();
    System.exit(run(CommandEnvironment.ofProcess(), arguments));
  }

  /** Runs the command and returns its exit code. Safe to call from many threads. */
  public static int run(CommandEnvironment context, String... arguments) {
    boolean json = wantsJson(arguments);
    String[] ordered = behindTheCommand(arguments);
    CommandLine command =
        Commands.of(context, ordered)
            .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler(
                (wrong, typed) -> json ? usageError(wrong, context) : usageError(wrong))
            .setExecutionExceptionHandler((exception, line, parsed) -> {
              String told = unexpected(exception, context.environment());
              if (json) {
                document(context, ErrorDocument.Code.INTERNAL, told, ExitCode.FAILED);
              } else {
                context.err().println(told);
              }
              if (context.environment().containsKey("PORTAGE_TRACE")) {
                exception.printStackTrace(context.err());
              }
              return ExitCode.FAILED;
            });
    return written(context, command.execute(ordered));
  }

  /** Also where the rest of the line can't be read. */
  private static boolean wantsJson(String... arguments) {
    return String.join(" ", arguments).matches("(.* )?--output[ =]json( .*)?");
  }

  /** Options of every command may also stand before it. */
  private static String[] behindTheCommand(String... arguments) {
    int length = 0;
    while (length < arguments.length) {
      String argument = arguments[length];
      if (ANYWHERE.contains(argument)) {
        length += 2;
      } else if (ANYWHERE.stream().anyMatch(option -> argument.startsWith(option + "="))) {
        length++;
      } else {
        break;
      }
    }
    if (length == 0 || length >= arguments.length) {
      return arguments;
    }
    List<String> moved = new ArrayList<>(List.of(arguments).subList(length, arguments.length));
    moved.addAll(List.of(arguments).subList(0, length));
    return moved.toArray(String[]::new);
  }

  private static int usageError(
      CommandLine.ParameterException exception, CommandEnvironment context) {
    String command = exception.getCommandLine().getCommandSpec().qualifiedName();
    return document(
        context,
        ErrorDocument.Code.USAGE,
        UsageError.said(String.valueOf(exception.getMessage()), command)
            + "; see: "
            + command
            + " --help",
        ExitCode.WRONG);
  }

  private static int document(
      CommandEnvironment context, ErrorDocument.Code code, String text, int exit) {
    new Screen(context.out(), context.err(), Output.JSON, false)
        .document(ErrorDocument.of(null, code, text, exit));
    return exit;
  }

  /** What the user typed is escaped, even if it is no option. */
  private static int usageError(CommandLine.ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    StringWriter suggestions = new StringWriter();
    CommandLine.UnmatchedArgumentException.printSuggestions(
        exception, new PrintWriter(suggestions, true));
    UsageError.lines(
            String.valueOf(exception.getMessage()),
            suggestions.toString(),
            command.getCommandSpec().qualifiedName())
        .forEach(line -> command.getErr().println(TerminalText.line(line)));
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

  /**
   * The result is on standard output, and nothing else. Naming the silent provider also saves
   * finding and starting a real one.
   */
  static void quieten() {
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
  }
}
