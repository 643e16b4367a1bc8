package dev.portage.sandbox;

import dev.portage.sandbox.world.World;
import dev.portage.sandbox.world.WorldFolder;
import dev.portage.sandbox.world.WorldSettings;
import dev.portage.sandbox.world.WorldSettings.Spark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Keeps everything running until it is told to stop. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = {
      "Runs two MLflow servers, Temporal, two workspaces and a worker for each until Ctrl-C.",
      "Prints the addresses, and writes them to .portage/sandbox.json for commands in other terminals."
    })
public final class KeepCommand implements Callable<Integer> {
  @Option(names = "--fresh", description = "Start empty; delete the previous contents.")
  private boolean fresh;

  @Option(
      names = "--spark",
      description =
          "Install PySpark with Delta Lake for notebooks (460 MB download, 500 MB on disk). Once installed, notebooks can use it without this option.")
  private boolean spark;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Folder for its files. Default: .portage/sandbox.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws IOException, InterruptedException {
    WorldFolder where =
        new WorldFolder(SandboxCommand.root(), SandboxCommand.folder(folder, "sandbox"));
    try (World world =
        new World(
            where,
            WorldSettings.plain(fresh, spark ? Spark.INSTALL : Spark.IF_INSTALLED),
            line -> System.out.println("  " + line))) {
      // Also after Ctrl-C, when this thread will not come back.
      Runtime.getRuntime().addShutdownHook(new Thread(world::close, "end-sandbox"));
      world.start();
      SandboxPage.print(world, System.out);
      new CountDownLatch(1).await();
      return 0;
    }
  }
}
