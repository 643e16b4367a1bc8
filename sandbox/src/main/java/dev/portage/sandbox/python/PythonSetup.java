package dev.portage.sandbox.python;

import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Prepares the Python environment and prints its interpreter. The build runs it from source before
 * the first integration test: {@code java PythonSetup.java CHECKOUT}.
 */
public final class PythonSetup {

  private PythonSetup() {}

  /** Argument: the checkout. Exits 1 with one clear line when it cannot be had. */
  public static void main(String[] arguments) {
    Path root = Path.of(arguments.length > 0 ? arguments[0] : ".");
    try {
      PythonEnvironment python =
          PythonEnvironment.prepare(root, System.getenv(), System.err::println);
      System.out.println(python.python());
    } catch (PythonMissingException | UncheckedIOException e) {
      System.err.println("portage: " + e.getMessage());
      System.exit(1);
    }
  }
}
