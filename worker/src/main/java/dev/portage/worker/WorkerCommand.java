package dev.portage.worker;

import dev.portage.text.UsageError;
import dev.portage.text.Visible;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code portage worker}: serves until it is stopped. */
@Command(
    name = "portage worker",
    description = "Run the steps of promotions in the given workspaces.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:Temporal or the port is not available",
      "2:usage or file error",
      "130, 143:stopped by a signal, cleanly"
    })
public final class WorkerCommand implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = "--workspaces",
      split = ",",
      paramLabel = "NAMES",
      description =
          "Workspaces to serve, such as dev,prod. Only their secrets are read. Default: all.")
  private List<String> workspaces = List.of();

  @Option(
      names = "--platform",
      paramLabel = "FILE",
      description = "The platform file. Default: PORTAGE_PLATFORM, else ./portage.yaml.")
  private @Nullable Path platform;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description =
          "Folder that file: references are relative to. Default: that of the platform file.")
  private @Nullable Path secrets;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of /health and /metrics; 0 picks a free one and prints it. Default: 0.")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "Address of /health and /metrics. Default: 127.0.0.1.")
  private @Nullable InetAddress bind;

  @Spec private @Nullable CommandSpec spec;

  private final Map<String, String> environment;
  private final Runnable untilStopped;

  /**
   * Makes the command.
   *
   * @param environment variables by name
   * @param untilStopped returns when the worker must stop
   */
  public WorkerCommand(Map<String, String> environment, Runnable untilStopped) {
    this.environment = Map.copyOf(environment);
    this.untilStopped = untilStopped;
  }

  /** Runs a worker until the process is stopped. */
  public static void main(String[] arguments) {
    configureLogging();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              awaitQuietly(stopped);
            },
            "portage-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    WorkerCommand command = new WorkerCommand(System.getenv(), () -> awaitQuietly(stop));
    int code;
    try {
      code =
          new CommandLine(command)
              .setParameterExceptionHandler(WorkerCommand::usageError)
              .execute(withoutItsName("worker", arguments));
    } finally {
      stopped.countDown();
    }
    // After a signal the process is ending already, and a second exit would wait for ever.
    if (stop.getCount() > 0) {
      System.exit(code);
    }
  }

  /** The launcher of Windows can't leave an argument out. */
  static String[] withoutItsName(String name, String... arguments) {
    return arguments.length > 0 && arguments[0].equals(name)
        ? Arrays.stream(arguments).skip(1).toArray(String[]::new)
        : arguments;
  }

  /** Prints what is wrong with a command line, and returns the exit code. */
  public static int usageError(CommandLine.ParameterException exception, String[] arguments) {
    CommandLine line = exception.getCommandLine();
    StringWriter suggestions = new StringWriter();
    CommandLine.UnmatchedArgumentException.printSuggestions(
        exception, new PrintWriter(suggestions, true));
    UsageError.lines(
            String.valueOf(exception.getMessage()),
            suggestions.toString(),
            line.getCommandSpec().qualifiedName())
        .forEach(line.getErr()::println);
    line.getErr().flush();
    return WRONG_USE;
  }

  @Override
  public Integer call() {
    CommandLine line = java.util.Objects.requireNonNull(spec, "set by picocli").commandLine();
    PrintWriter errors = line.getErr();
    try (PortageWorker worker = PortageWorker.start(settings())) {
      line.getOut().println(worker.readyLine());
      line.getOut().flush();
      untilStopped.run();
      return DONE;
    } catch (WorkerRefused refused) {
      refused.lines().forEach(text -> errors.println(Visible.line(text)));
      errors.flush();
      return refused.isUsageError() ? WRONG_USE : FAILED;
    }
  }

  /** What the options come to. */
  WorkerSettings settings() {
    WorkerSettings settings = WorkerSettings.of(environment);
    if (platform != null) {
      settings = settings.withPlatformFile(platform);
    }
    if (secrets != null) {
      settings = settings.withSecrets(secrets);
    }
    InetAddress address = bind == null ? settings.bind() : bind;
    try {
      return settings.withWorkspaces(workspaces).withAddress(address, port);
    } catch (IllegalArgumentException wrong) {
      throw WorkerRefused.usageError(List.of("--port: " + wrong.getMessage()));
    }
  }

  /** Sends what libraries log to standard error, one line an event. */
  static void configureLogging() {
    String property = "logback.configurationFile";
    if (System.getProperty(property) == null) {
      System.setProperty(property, "dev/portage/worker/logback.xml");
    }
    // gRPC writes to the JDK's own log, in two lines an event.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
