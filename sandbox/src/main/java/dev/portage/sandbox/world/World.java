package dev.portage.sandbox.world;

import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.sandbox.SandboxException;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.PortTakenException;
import dev.portage.sandbox.python.PythonEnvironment;
import dev.portage.sandbox.python.SparkInstallation;
import dev.portage.sandbox.temporal.TemporalServer;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a promotion needs on this machine: two MLflow servers, Temporal, two workspaces in
 * this JVM, and a worker process for each workspace that holds only that workspace's secrets.
 */
public final class World implements AutoCloseable {
  /** The workspaces, in order of the path. */
  public static final List<String> WORKSPACES = List.of("dev", "prod");

  private static final int MOST_ATTEMPTS = 3;

  private final WorldFolder folder;
  private final WorldSettings settings;
  private final Consumer<String> progress;
  private volatile Parts parts = new Parts();
  private final WorldDescription description;
  private final SandboxLock lock;
  private volatile @Nullable RunningParts running;
  private boolean closed;

  /**
   * Takes the place of the checkout's only sandbox, without starting anything.
   *
   * @param progress gets one line about what was started and how long it took
   * @throws SandboxException when another one runs
   */
  public World(WorldFolder folder, WorldSettings settings, Consumer<String> progress)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.progress = progress;
    this.description = new WorldDescription(folder.description());
    this.lock = SandboxLock.take(folder.lock());
  }

  /**
   * Starts everything.
   *
   * @throws SandboxException when a part cannot be started, with what to do; nothing runs then
   */
  public void start() {
    try {
      if (settings.fresh()) {
        folder.clear();
      }
      new SandboxPlatform(folder.platformFile()).refuseMistakes();
      Files.createDirectories(folder.state());
      PythonEnvironment python =
          PythonEnvironment.prepare(folder.root(), settings.environment(), progress);
      Keeper keeper = Keeper.in(folder.home(), python.python());
      running = run(keeper, spark(python));
      describe();
    } catch (IOException e) {
      close();
      throw cannotStart(e);
    } catch (CompletionException e) {
      close();
      throw of(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts once more with other ports, where another program was quicker to take one. */
  private RunningParts run(Keeper keeper, @Nullable Path spark) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return new WorldStart(folder, settings, progress, parts, keeper, spark)
            .run(this::describeAgain);
      } catch (RuntimeException e) {
        if (attempt == MOST_ATTEMPTS || !isOfPort(e) || !startOver()) {
          throw e;
        }
        progress.accept("another program took a port; starting again with other ports");
      }
    }
  }

  private static boolean isOfPort(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortTakenException
          || cause instanceof BindException
          || String.valueOf(cause.getMessage()).startsWith("Port already in use")) {
        return true;
      }
    }
    return false;
  }

  /** Ends what has started; false when all of it is ending anyway. */
  private boolean startOver() {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      parts.close();
      parts = new Parts();
      return true;
    }
  }

  private static RuntimeException of(CompletionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause instanceof SandboxException told ? told : cannotStart(cause);
  }

  private @Nullable Path spark(PythonEnvironment python) {
    return switch (settings.spark()) {
      case NEVER -> null;
      case IF_INSTALLED -> SparkInstallation.find(folder.root()).orElse(null);
      case INSTALL -> SparkInstallation.prepare(folder.root(), python, progress);
    };
  }

  private static SandboxException cannotStart(Throwable cause) {
    return new SandboxException("the sandbox cannot start: " + told(cause), cause);
  }

  /** The message of such an exception is nothing but the file's name. */
  private static String told(Throwable cause) {
    return switch (cause) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case FileAlreadyExistsException there -> there.getFile() + " exists and is not a folder";
      default -> String.valueOf(cause.getMessage());
    };
  }

  private void describe() throws IOException {
    synchronized (description) {
      description.write(
          name(),
          WORKSPACES.stream().map(this::entry).toList(),
          temporal(),
          WORKSPACES.stream().map(this::worker).toList(),
          folder.platformFile());
    }
  }

  private WorldDescription.Entry entry(String name) {
    return new WorldDescription.Entry(
        name, host(name), mlflow(name), known(parts().mlflow(), name).pid(), token(name));
  }

  /** Its display name: the name that it was given, else that of its folder. */
  public String name() {
    Path of = Objects.requireNonNullElse(folder.home().getParent(), folder.home());
    return settings.name().isEmpty() ? String.valueOf(of.getFileName()) : settings.name();
  }

  /**
   * What says what becomes of changes of the platform file, whenever it is run.
   *
   * @param told gets a line for each change, and more if something is wrong
   */
  public Runnable platformWatch(Consumer<String> told) {
    return new PlatformWatch(
            folder.platformFile(), parts().addresses(), parts().workers().values(), told)
        ::look;
  }

  private void describeAgain() {
    if (running == null || !Files.exists(folder.description())) {
      return;
    }
    try {
      describe();
    } catch (IOException e) {
      progress.accept("cannot write " + folder.description() + ": " + e.getMessage());
    }
  }

  /** Address of a workspace as workers know it. */
  public URI host(String name) {
    return known(parts().hosts(), name);
  }

  /** Address of the MLflow server behind a workspace; requires no login. */
  public URI mlflow(String name) {
    return known(parts().mlflow(), name).uri();
  }

  /** A workspace. */
  public LocalWorkspace workspace(String name) {
    return known(parts().workspaces(), name);
  }

  /** The worker of a workspace. */
  public WorkerProcess worker(String name) {
    return known(parts().workers(), name);
  }

  /** Temporal. */
  public TemporalServer temporal() {
    return parts().temporal();
  }

  /** File with the login of a workspace that may do all. */
  public Path token(String name) {
    return LocalWorkspaces.token(folder, name);
  }

  /** Where all of it is kept. */
  public WorldFolder folder() {
    return folder;
  }

  private RunningParts parts() {
    RunningParts now = running;
    if (now == null) {
      throw new IllegalStateException("the sandbox has not started");
    }
    return now;
  }

  private static <T> T known(Map<String, T> parts, String name) {
    T part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException("no workspace " + name + " runs here");
    }
    return part;
  }

  /** Stops everything; the next start in the same folder brings it back. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      parts.close();
    }
    description.remove();
    lock.close();
  }
}
