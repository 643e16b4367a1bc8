package dev.portage.sandbox.world;

import dev.portage.localworkspace.LocalWorkspace;
import dev.portage.sandbox.SandboxException;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.python.PythonEnvironment;
import dev.portage.sandbox.python.SparkInstallation;
import dev.portage.sandbox.temporal.TemporalServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  private final WorldFolder folder;
  private final WorldSettings settings;
  private final Consumer<String> progress;
  private final Parts parts = new Parts();
  private final WorldDescription description;
  private final SandboxLock lock;
  private volatile @Nullable RunningParts running;

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
      Files.createDirectories(folder.state());
      PythonEnvironment python =
          PythonEnvironment.prepare(folder.root(), settings.environment(), progress);
      Keeper keeper = Keeper.in(folder.home(), python.python());
      running =
          new WorldStart(folder, settings, progress, parts, keeper, spark(python))
              .run(this::describeAgain);
      describe();
    } catch (IOException e) {
      close();
      throw cannotStart(e);
    } catch (CompletionException e) {
      close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof SandboxException told ? told : cannotStart(cause);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private @Nullable Path spark(PythonEnvironment python) {
    return switch (settings.spark()) {
      case NEVER -> null;
      case IF_INSTALLED -> SparkInstallation.find(folder.root()).orElse(null);
      case INSTALL -> SparkInstallation.prepare(folder.root(), python, progress);
    };
  }

  private static SandboxException cannotStart(Throwable cause) {
    return new SandboxException("the sandbox cannot start: " + cause.getMessage(), cause);
  }

  private void describe() throws IOException {
    synchronized (description) {
      description.write(
          WORKSPACES.stream()
              .map(name -> new WorldDescription.Entry(name, host(name), mlflow(name), token(name)))
              .toList(),
          temporal(),
          WORKSPACES.stream().map(this::worker).toList());
    }
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
    parts.close();
    description.remove();
    lock.close();
  }
}
