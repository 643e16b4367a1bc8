package dev.portage.sandbox;

import dev.portage.command.CommandEnvironment;
import dev.portage.command.PortageCommand;
import dev.portage.command.Warmup;
import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.localworkspace.LocalWorkspaceSettings;
import dev.portage.localworkspace.LocalWorkspaceSettings.Token;
import dev.portage.localworkspace.rights.Right;
import dev.portage.sandbox.process.Ports;
import dev.portage.sandbox.temporal.InJvmTemporal;
import dev.portage.sandbox.temporal.TemporalServer;
import dev.portage.worker.PortageWorker;
import dev.portage.worker.WorkerSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;

/**
 * Starts the same classes that commands, workers and the sandbox start, then exits. The launcher
 * runs it once after a build and caches the loaded classes, so that later starts are fast.
 */
public final class StartTraining {

  private StartTraining() {}

  /** Argument: a folder to work in. */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("logback.configurationFile", "dev/portage/sandbox/logback.xml");
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Files.writeString(folder.resolve("dev.token"), "training\n");
    try (TemporalServer temporal = InJvmTemporal.start(Ports.free());
        LocalWorkspace workspace = workspace(folder)) {
      Files.writeString(
          folder.resolve("portage.yaml"),
          """
          workspaces:
            dev: { host: %s, token: "file:dev.token" }
            prod: { host: http://127.0.0.1:9, token: "file:dev.token" }
          identity: claimed
          """
              .formatted(workspace.host()));
      Map<String, String> environment =
          Map.of("TEMPORAL_ADDRESS", temporal.address(), "TEMPORAL_NAMESPACE", "default");
      WorkerSettings settings =
          WorkerSettings.of(environment).withPlatformFile(folder.resolve("portage.yaml"));
      try (PortageWorker worker = PortageWorker.start(settings)) {
        System.out.println(worker.readyLine());
        PrintStream nowhere =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        CommandEnvironment context =
            new CommandEnvironment(
                environment,
                folder,
                nowhere,
                nowhere,
                CommandEnvironment.ofProcess().clock(),
                CommandEnvironment.Timeouts.usual(),
                false);
        PortageCommand.run(context, "doctor");
        PortageCommand.run(context, "status", "promotion/none/0123456789ab");
      }
    }
    Warmup.run(Files.createDirectories(folder.resolve("commands")));
    // Threads of the servers are no reason to stay.
    System.exit(0);
  }

  private static LocalWorkspace workspace(Path folder) throws IOException {
    return LocalWorkspace.start(
        LocalWorkspaceSettings.named("dev", "1", folder.resolve("workspace"))
            .token(Token.of("training", "training@example.com", EnumSet.allOf(Right.class)))
            .build());
  }
}
