package dev.portage.sandbox.temporal;

import dev.portage.sandbox.SandboxException;
import dev.portage.text.Bounded;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.File;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds the program {@code temporal}, whose dev server the sandbox runs. */
public final class TemporalCli {
  /** Names a {@code temporal}, or is "none" for the server inside this JVM. */
  public static final String VARIABLE = "PORTAGE_TEMPORAL";

  private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(2);

  private TemporalCli() {}

  /**
   * The one that PORTAGE_TEMPORAL names, else {@code .portage/bin/temporal}, else the one on the
   * path, else a download of the version that fits the SDK.
   *
   * @param home the folder {@code .portage}
   * @param progress gets a line when a download is tried
   * @return empty if none is available
   */
  public static Optional<Path> find(
      Path home, Map<String, String> environment, Consumer<String> progress) {
    return find(home, environment, progress, TemporalCli::download);
  }

  /** Puts the program into a folder. */
  interface Download {
    void into(Path bin) throws Exception;
  }

  static Optional<Path> find(
      Path home, Map<String, String> environment, Consumer<String> progress, Download download) {
    String wanted = environment.getOrDefault(VARIABLE, "").strip();
    if (wanted.equals("none")) {
      return Optional.empty();
    }
    if (!wanted.isEmpty()) {
      Path named = Path.of(wanted);
      if (!Files.isRegularFile(named) || !Files.isExecutable(named)) {
        throw new SandboxException(
            VARIABLE
                + "="
                + wanted
                + " is not an executable: give the path of 'temporal', or 'none' for the in-JVM server");
      }
      return Optional.of(named.toAbsolutePath());
    }
    Path bin = home.resolve("bin");
    return runnable(bin.resolve("temporal"))
        .or(() -> runnable(bin.resolve("temporal.exe")))
        .or(() -> onPath(environment))
        .or(() -> downloaded(bin))
        .or(() -> downloaded(bin, progress, download));
  }

  private static Optional<Path> runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file)
        ? Optional.of(file.toAbsolutePath())
        : Optional.empty();
  }

  private static Optional<Path> onPath(Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .flatMap(folder -> Stream.of("temporal", "temporal.exe").map(Path.of(folder)::resolve))
        .flatMap(file -> runnable(file).stream())
        .findFirst();
  }

  private static Optional<Path> downloaded(Path bin) {
    if (!Files.isDirectory(bin)) {
      return Optional.empty();
    }
    try (Stream<Path> tree = Files.walk(bin, 3)) {
      return tree.filter(file -> file.endsWith("temporal") || file.endsWith("temporal.exe"))
          .flatMap(file -> runnable(file).stream())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Fetches it into the folder, where it is found from then on. */
  private static Optional<Path> downloaded(Path bin, Consumer<String> progress, Download download) {
    progress.accept("Temporal: no program 'temporal' here or on the PATH; downloading it");
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          download.into(bin);
          return true;
        });
    Thread.ofVirtual().name("temporal-download").start(task);
    try {
      task.get(DOWNLOAD_LIMIT.toSeconds(), TimeUnit.SECONDS);
      return downloaded(bin);
    } catch (ExecutionException e) {
      return instead(bin, told(innermost(e)), progress);
    } catch (TimeoutException e) {
      task.cancel(true);
      return instead(
          bin, "nothing came within " + DOWNLOAD_LIMIT.toMinutes() + " minutes", progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while 'temporal' was downloaded", e);
    }
  }

  /** Starting it is the SDK's only way to download it; this one stops at once. */
  private static void download(Path bin) {
    TemporalDevServer.start(
            TemporalServer.NAMESPACE,
            TemporalDevServerOptions.newBuilder()
                .setDownloadEnabled(true)
                .setDownloadDestination(bin.toString())
                .setUi(false)
                .setLogFile(bin.resolve("temporal-first-start.log").toString())
                .build())
        .close();
  }

  /**
   * What there is without the download; where there is nothing, people read why, and what to do.
   */
  private static Optional<Path> instead(Path bin, String why, Consumer<String> progress) {
    Optional<Path> there = downloaded(bin);
    if (there.isEmpty()) {
      progress.accept(
          "Temporal: it could not be downloaded: "
              + Bounded.line(why, Bounded.LINE)
              + "; build it with build/temporal, or name one in "
              + VARIABLE);
    }
    return there;
  }

  /** The message of some is nothing but a name. */
  private static String told(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof UnknownHostException
        ? "the host " + message + " is not known on this machine"
        : message;
  }

  private static Throwable innermost(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
