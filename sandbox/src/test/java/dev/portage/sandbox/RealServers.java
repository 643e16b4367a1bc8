package dev.portage.sandbox;

import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.MlflowServerProcess;
import dev.portage.sandbox.process.Ports;
import dev.portage.sandbox.python.PythonEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two real MLflow servers, "dev" and "prod", started by the first test class that needs them and
 * shared by this JVM until it ends: tests use model names of their own.
 */
public final class RealServers implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    mlflow("dev");
  }

  /** The address of a workspace's MLflow server. */
  public static URI mlflow(String workspace) {
    return switch (workspace) {
      case "dev" -> Started.DEV.join().uri();
      case "prod" -> Started.PROD.join().uri();
      default -> throw new IllegalArgumentException("only dev and prod, not " + workspace);
    };
  }

  /** Keeps a test's processes from outliving this JVM, and has the Python with MLflow. */
  public static Keeper keeper() {
    return Kept.KEEPER;
  }

  /** The checkout. */
  public static Path root() {
    return Path.of(Objects.requireNonNullElse(System.getProperty("portage.root"), ".."))
        .toAbsolutePath()
        .normalize();
  }

  /** Apart from the servers, which nobody needs for a Python alone. */
  private static final class Kept {
    static final Path FOLDER = folder();
    static final Keeper KEEPER = prepareKeeper();

    private static Path folder() {
      try {
        return Files.createTempDirectory("portage-mlflow");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Keeper prepareKeeper() {
      try {
        return Keeper.in(
            FOLDER,
            PythonEnvironment.prepare(root(), System.getenv(), System.err::println).python());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Started {
    static final CompletableFuture<MlflowServerProcess> DEV = begin("dev");
    static final CompletableFuture<MlflowServerProcess> PROD = begin("prod");

    private static CompletableFuture<MlflowServerProcess> begin(String name) {
      return Together.begin(() -> {
        try {
          return MlflowServerProcess.start(
              Kept.KEEPER,
              name,
              Kept.FOLDER.resolve(name),
              Ports.free(),
              Kept.FOLDER.resolve(name + ".log"));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
