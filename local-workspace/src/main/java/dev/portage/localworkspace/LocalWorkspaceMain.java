package dev.portage.localworkspace;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts one workspace and keeps it running until the process is told to stop. */
@Command(
    name = "local-workspace",
    description = "A Databricks workspace for one machine.",
    mixinStandardHelpOptions = true)
public final class LocalWorkspaceMain implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Settings, in YAML or JSON.")
  private Path config = Path.of("workspace.yaml");

  @Option(names = "--debug", description = "Log each call.")
  private boolean debug;

  /** Exits with 0 when told to stop, 2 on usage errors or invalid settings, 1 if it can't start. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LocalWorkspaceMain()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
      context.getLogger("dev.portage").setLevel(debug ? Level.DEBUG : Level.INFO);
    }
    LocalWorkspaceSettings settings;
    try {
      settings = SettingsFile.read(config);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("Invalid settings: " + e.getMessage());
      return 2;
    }
    LocalWorkspace workspace;
    try {
      workspace = LocalWorkspace.start(settings);
    } catch (IOException | RuntimeException e) {
      System.err.println("Workspace " + settings.name() + " can't start: " + e.getMessage());
      return 1;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(workspace::close, "stop"));
    System.out.println(workspace.host());
    new CountDownLatch(1).await();
    return 0;
  }
}
