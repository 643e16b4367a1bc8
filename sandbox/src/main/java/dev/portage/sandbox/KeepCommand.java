package dev.portage.sandbox;

import dev.portage.connection.ProcessMark;
import dev.portage.connection.SandboxFile;
import dev.portage.connection.SandboxRegistry;
import dev.portage.connection.SandboxRegistry.Registration;
import dev.portage.sandbox.world.World;
import dev.portage.sandbox.world.WorldFolder;
import dev.portage.sandbox.world.WorldSettings;
import dev.portage.sandbox.world.WorldSettings.Spark;
import dev.portage.text.Visible;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Keeps everything running until it is told to stop. */
@Command(
    name = "sandbox",
    description = {
      "Run two MLflow servers, Temporal, two workspaces and a worker for each until Ctrl-C, for a"
          + " project of your own.",
      "Commands find it from any folder. The next start continues where it stopped: docs/sandbox.md."
    })
public final class KeepCommand implements Callable<Integer> {
  private static final long LOOK_SECONDS = 1;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private static final Pattern TYPABLE = Pattern.compile("[A-Za-z0-9._-]+");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--fresh", description = "Start from scratch: delete what was there before.")
  private boolean fresh;

  @Option(
      names = "--spark",
      description =
          "Install PySpark with Delta Lake for notebooks (460 MB download, 500 MB on disk). Once installed, notebooks can use it without this option.")
  private boolean spark;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Folder for its files. Default: .portage/sandbox of this checkout.")
  private @Nullable Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Its name for commands, as in: portage list --sandbox NAME. Default: the name of this checkout's folder.")
  private @Nullable String name;

  private final AtomicReference<@Nullable Registration> registration = new AtomicReference<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    refuseUntypableName(name);
    WorldFolder where =
        new WorldFolder(SandboxCommand.root(), SandboxCommand.folder(folder, "sandbox"));
    Map<String, String> environment = System.getenv();
    Optional<SandboxRegistry> registry = SandboxRegistry.of(environment);
    WorldSettings settings =
        WorldSettings.plain(fresh, spark ? Spark.INSTALL : Spark.IF_INSTALLED)
            .named(name == null ? "" : name);
    try (World world = new World(where, settings, KeepCommand::say)) {
      refuseTakenName(registry);
      // Also after Ctrl-C, when this thread will not come back.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(world), "end-sandbox"));
      world.start();
      boolean registered = register(world, registry);
      SandboxPage.print(world, registered, System.out);
      Runnable watch = world.platformWatch(KeepCommand::say);
      CountDownLatch never = new CountDownLatch(1);
      while (!never.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
        watch.run();
        Registration now = registration.get();
        if (now != null && !now.isThere()) {
          register(world, registry);
        }
      }
      return 0;
    }
  }

  private static void say(String line) {
    System.out.println("  " + TIME.format(LocalTime.now(ZoneId.systemDefault())) + "  " + line);
  }

  /** People type it in a shell, and it stands in lines of {@code portage list}. */
  static void refuseUntypableName(@Nullable String name) {
    if (name != null && !TYPABLE.matcher(name).matches()) {
      throw new SandboxException(
          "--name "
              + Visible.line(name)
              + " is no name for a sandbox: use letters a to z, digits, dots, dashes and"
              + " underscores");
    }
  }

  private void refuseTakenName(Optional<SandboxRegistry> registry) {
    List<SandboxFile> others = registry.map(SandboxRegistry::running).orElse(List.of());
    for (SandboxFile other : others) {
      if (name != null && other.name().equals(name)) {
        throw new SandboxException(
            "sandbox " + other + " has the name " + name + " already; choose another --name");
      }
    }
  }

  private boolean register(World world, Optional<SandboxRegistry> registry) {
    if (registry.isEmpty()) {
      return false;
    }
    try {
      registration.set(registry.get().register(world.folder().description(), ProcessMark.ofThis()));
      return true;
    } catch (IOException e) {
      say("cannot write into " + registry.get().folder() + ": " + e.getMessage());
      return false;
    }
  }

  private void end(World world) {
    Registration last = registration.getAndSet(null);
    if (last != null) {
      last.close();
    }
    world.close();
  }
}
