package dev.portage.command;

import dev.portage.checkout.CheckoutException;
import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.connection.TimeLimit;
import dev.portage.page.TerminalText;
import dev.portage.start.Person;
import dev.portage.start.StartException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands have in common: output formats, and how failures are reported. */
abstract class BaseCommand implements Callable<Integer> {

  @Option(
      names = "--output",
      paramLabel = "text|json|azure-devops",
      converter = Output.Converter.class,
      description = "Output format; json prints one document, the promotion's id first.")
  private Output output = Output.TEXT;

  @Option(
      names = "--sandbox",
      paramLabel = "NAME|FOLDER",
      description = "The running sandbox to use; by default that of this folder, else the nearest.")
  private @Nullable String sandbox;

  private final CommandEnvironment context;

  /** The parser itself acts on it. */
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  final void showHelp(boolean wanted) {}

  BaseCommand(CommandEnvironment context) {
    this.context = context;
  }

  /** Does it, and returns the exit code. */
  abstract int run(Screen screen) throws InterruptedException;

  /** Id of the promotion that it is about, null when it is about none or not known yet. */
  abstract @Nullable String promotion();

  @Override
  public Integer call() {
    Screen screen = new Screen(context.out(), context.err(), output, context.terminal());
    try {
      if (output == Output.MARKDOWN && !(this instanceof ReportCommand)) {
        throw new UsageException("--output markdown works only with: portage report ID");
      }
      return run(screen);
    } catch (StartException e) {
      return failure(screen, e.lines(), String.valueOf(e.getMessage()), ExitCode.WRONG);
    } catch (UsageException
        | CheckoutException
        | DecisionSender.RefusedException
        | NoSuchElementException e) {
      return failure(screen, String.valueOf(e.getMessage()), ExitCode.WRONG);
    } catch (ConnectionException e) {
      return failure(
          screen,
          String.valueOf(e.getMessage()),
          e.isUsageError() ? ExitCode.WRONG : ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure(screen, "interrupted", ExitCode.FAILED);
    } catch (RuntimeException e) {
      StatusRuntimeException status = status(e);
      if (status == null) {
        throw e;
      }
      return failure(screen, describe(status), ExitCode.FAILED);
    }
  }

  final CommandEnvironment context() {
    return sandbox == null ? context : context.inSandbox(sandbox);
  }

  final Output output() {
    return output;
  }

  final TemporalConnection connect() {
    return TemporalConnection.open(
        context().environment(),
        context().folder(),
        context.timeouts().decision(),
        line -> context.err().println(TerminalText.line(line)));
  }

  final String person(@Nullable String claimed) {
    return Person.of(claimed, context.environment(), context.folder());
  }

  /**
   * A failure as a JSON document.
   *
   * @param id the promotion, null when it is about none
   * @param error what went wrong
   * @param exit the exit code
   */
  record Failure(@Nullable String id, String error, int exit) {}

  private int failure(Screen screen, String message, int code) {
    return failure(screen, TerminalText.lines(message), message, code);
  }

  private int failure(Screen screen, List<String> lines, String message, int code) {
    screen.error(lines);
    screen.document(new Failure(promotion(), message, code));
    return code;
  }

  private static @Nullable StatusRuntimeException status(Throwable e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException status) {
        return status;
      }
    }
    return null;
  }

  private static String describe(StatusRuntimeException e) {
    Status status = e.getStatus();
    if (TimeLimit.ranOut(e) || status.getCode() == Status.Code.UNAVAILABLE) {
      return "Temporal stopped responding ("
          + status.getCode()
          + "); check its log and its disk space";
    }
    String said = status.getDescription() == null ? "" : ": " + status.getDescription();
    String remedy =
        said.contains("search attribute") || said.contains("Namespace")
            ? "; see: portage doctor"
            : "";
    return "Temporal answered " + status.getCode() + said + remedy;
  }
}
