package dev.portage.command;

import dev.portage.checkout.CheckoutException;
import dev.portage.command.ErrorDocument.Code;
import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.init.UndecidedException;
import dev.portage.page.TerminalText;
import dev.portage.shortid.AmbiguousIdException;
import dev.portage.start.Person;
import dev.portage.start.StartException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands have in common: output formats, and how failures are reported. */
abstract class BaseCommand implements Callable<Integer> {

  /** For whoever ends a command by Ctrl-C before it has started what it is for. */
  static final String NOTHING_STARTED = "nothing was started";

  @Option(
      names = "--output",
      paramLabel = "text|json|azure-devops",
      converter = Output.Converter.class,
      description =
          "Output format. json: one document, whatever happens. azure-devops: text, with orders for"
              + " the pipeline's agent.")
  private Output output = Output.TEXT;

  @Option(
      names = "--sandbox",
      paramLabel = "NAME|FOLDER",
      description = "The running sandbox to use. Default: this folder's, else the nearest.")
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
      screen.error(e.lines());
      return document(screen, Code.FILE, String.valueOf(e.getMessage()), ExitCode.WRONG);
    } catch (UsageException e) {
      return failure(screen, Code.USAGE, e, ExitCode.WRONG);
    } catch (CheckoutException e) {
      return failure(screen, Code.GIT, e, ExitCode.WRONG);
    } catch (DecisionSender.RefusedException e) {
      return failure(screen, Code.REFUSED, e, ExitCode.WRONG);
    } catch (AmbiguousIdException e) {
      screen.error(AmbiguousPage.lines(e, context.clock()));
      screen.document(AmbiguousPage.document(e, ExitCode.WRONG));
      return ExitCode.WRONG;
    } catch (UndecidedException e) {
      List<String> lines = new ArrayList<>(List.of(String.valueOf(e.getMessage())));
      e.options().forEach(option -> lines.add("  " + option));
      screen.error(lines);
      return document(
          screen,
          Code.AMBIGUOUS,
          e.getMessage() + ": " + String.join(" | ", e.options()),
          ExitCode.WRONG);
    } catch (NoSuchElementException e) {
      return failure(screen, Code.NOT_FOUND, e, ExitCode.WRONG);
    } catch (ConnectionException e) {
      return e.isUsageError()
          ? failure(screen, Code.SETTINGS, e, ExitCode.WRONG)
          : failure(screen, Code.UNREACHABLE, e, ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure(screen, Code.INTERRUPTED, "interrupted", ExitCode.FAILED);
    } catch (RuntimeException e) {
      String answer = TemporalAnswer.describe(e);
      if (answer == null) {
        throw e;
      }
      return failure(screen, Code.TEMPORAL, answer, ExitCode.FAILED);
    } finally {
      screen.ended();
    }
  }

  final CommandEnvironment context() {
    return sandbox == null ? context : context.inSandbox(sandbox);
  }

  final Output output() {
    return output;
  }

  final TemporalConnection connect(Screen screen) {
    CommandEnvironment chosen = context();
    return TemporalConnection.open(
        chosen.environment(), chosen.folder(), chosen.timeouts().decision(), screen::notice);
  }

  final String person(@Nullable String claimed) {
    return Person.of(claimed, context.environment(), context.folder());
  }

  private int failure(Screen screen, Code code, RuntimeException failure, int exit) {
    return failure(screen, code, String.valueOf(failure.getMessage()), exit);
  }

  private int failure(Screen screen, Code code, String message, int exit) {
    screen.error(TerminalText.lines(message));
    return document(screen, code, message, exit);
  }

  private int document(Screen screen, Code code, String message, int exit) {
    screen.document(ErrorDocument.of(promotion(), code, message, exit));
    return exit;
  }
}
