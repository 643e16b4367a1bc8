package dev.portage.sandbox.demo;

import dev.portage.sandbox.SandboxCommand;
import dev.portage.sandbox.world.World;
import dev.portage.sandbox.world.WorldFolder;
import dev.portage.sandbox.world.WorldSettings;
import dev.portage.sandbox.world.WorldSettings.Spark;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells one promotion of {@code examples/diabetes} as it happens, and leaves nothing running. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "One promotion from an empty world to production, on this machine and without an account:",
      "sam@example.com starts it, ana@example.com approves it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:released", "1:failed", "2:wrong use, or something is missing", "3:rejected"})
public final class DemoCommand implements Callable<Integer> {
  @Option(names = "--yes", description = "Approves without asking.")
  private boolean yes;

  @Option(
      names = "--kill",
      description = "Kills the worker in the middle of the copy, and counts at the end.")
  private boolean kill;

  @Option(names = "--keep", description = "Keeps the world running afterwards, until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--spark",
      description =
          "Scores with Spark; installs it where it is not (460 MB to fetch, 500 MB on disk).")
  private boolean spark;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where it is kept, emptied first; by default .portage/demo.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = System.out;
    long begun = System.nanoTime();
    Path root = SandboxCommand.root().toAbsolutePath().normalize();
    Path state = SandboxCommand.folder(folder, "demo").toAbsolutePath().normalize();
    // Its repository is below its folder, and commands look for a sandbox upwards from there.
    WorldFolder where =
        state.startsWith(root) ? new WorldFolder(root, state) : WorldFolder.apart(root, state);
    out.println("Portage demo: examples/diabetes goes from dev to prod, all on this machine.\n");
    try (World world =
        new World(
            where,
            WorldSettings.plain(true, spark ? Spark.INSTALL : Spark.NEVER),
            line -> out.println("  " + line))) {
      // Also after Ctrl-C, when this thread will not come back.
      Runtime.getRuntime().addShutdownHook(new Thread(world::close, "end-demo"));
      world.start();
      out.println("  the world is up after " + seconds(begun) + "\n");
      Approver approver = yes ? Approver.ALWAYS : Approver.ofTerminal();
      int code = new DemoStory(world, approver, kill, out).run();
      out.println("\nAll of it took " + seconds(begun) + ".");
      if (keep) {
        out.println("It is kept running; Ctrl-C ends it.");
        new CountDownLatch(1).await();
      }
      return code;
    }
  }

  private static String seconds(long begun) {
    return (System.nanoTime() - begun + 500_000_000) / 1_000_000_000 + " s";
  }
}
