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

/**
 * Promotes {@code examples/diabetes}, reports each event as it happens, and leaves nothing running.
 */
@Command(
    name = "demo",
    description = {
      "Promote a model to production, on this machine and without an account: sam@example.com starts it,",
      "ana@example.com approves it, and live traffic moves to it while no request fails."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:released, and no request failed",
      "1:failed",
      "2:usage error, or something is missing",
      "3:rejected"
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--yes", description = "Approve without asking.")
  private boolean yes;

  @Option(
      names = "--kill",
      description = "Kill the worker in the middle of the copy, and count the results at the end.")
  private boolean kill;

  @Option(
      names = "--rollback",
      description =
          "Go on to one more version that fails in serving, and is taken back by its watch.")
  private boolean rollback;

  @Option(names = "--keep", description = "Keep everything running afterwards, until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--spark",
      description =
          "Score with Spark; install it if it's missing (460 MB download, 500 MB on disk).")
  private boolean spark;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Folder for its files; emptied first. Default: .portage/demo.")
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
    out.println(
        "Portage demo: promotes examples/diabetes from dev to prod under load, all on this machine.\n");
    try (World world =
        new World(
            where,
            WorldSettings.plain(true, spark ? Spark.INSTALL : Spark.NEVER),
            line -> out.println("  " + line))) {
      // Also after Ctrl-C, when this thread will not come back.
      Runtime.getRuntime().addShutdownHook(new Thread(world::close, "end-demo"));
      world.start();
      out.println("  everything is up after " + seconds(begun) + "\n");
      Approver approver = yes ? Approver.ALWAYS : Approver.ofTerminal();
      int code = new DemoStory(world, approver, new DemoStory.Extras(kill, rollback), out).run();
      out.println("\nDone in " + seconds(begun) + ".");
      if (keep) {
        out.println("Still running; Ctrl-C stops it.");
        new CountDownLatch(1).await();
      }
      return code;
    }
  }

  private static String seconds(long begun) {
    return (System.nanoTime() - begun + 500_000_000) / 1_000_000_000 + " s";
  }
}
