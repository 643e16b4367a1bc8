package dev.portage.localworkspace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The Python of the integration tests. */
public final class Python {
  private Python() {}

  /**
   * A Python with mlflow and deltalake: {@code PORTAGE_PYTHON}, otherwise the one that the build
   * installed.
   */
  public static Path executable() {
    String named = System.getenv("PORTAGE_PYTHON");
    String root = Objects.requireNonNullElse(System.getProperty("portage.root"), "..");
    Path python =
        named != null ? Path.of(named) : Path.of(root, ".portage", "venv", "bin", "python");
    if (!Files.isExecutable(python)) {
      throw new IllegalStateException(
          "No Python at "
              + python
              + ": run ./portage setup, or name one with mlflow and deltalake by PORTAGE_PYTHON");
    }
    return python.toAbsolutePath();
  }

  /** Runs it without the shell's settings for Python, MLflow and clouds. */
  public static ProcessBuilder run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(executable().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("PYTHON.*|(DATABRICKS|_?MLFLOW|AWS|AZURE)_.*"));
    return builder;
  }
}
