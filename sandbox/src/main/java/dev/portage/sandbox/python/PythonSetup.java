package dev.portage.sandbox.python;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Prepares the Python environment and prints its interpreter. The build runs it from source before
 * the first integration test: {@code java PythonSetup.java CHECKOUT [--spark]}.
 */
public final class PythonSetup {

  private PythonSetup() {}

  /**
   * Arguments: the checkout, and {@code --spark} to install Spark too. Exits with 1 and one clear
   * line if it is not available.
   */
  public static void main(String[] arguments) {
    Path root = Path.of(arguments.length > 0 ? arguments[0] : ".");
    try {
      PythonEnvironment python =
          PythonEnvironment.prepare(root, System.getenv(), System.err::println);
      if (List.of(arguments).contains("--spark")) {
        SparkInstallation.prepare(root, python, System.err::println);
      }
      System.out.println(python.python());
    } catch (PythonMissingException | UncheckedIOException e) {
      System.err.println("portage: " + e.getMessage());
      System.exit(1);
    }
  }
}
