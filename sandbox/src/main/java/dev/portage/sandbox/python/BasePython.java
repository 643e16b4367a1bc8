package dev.portage.sandbox.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Python on this machine that can create a virtual environment.
 *
 * @param command how it is called
 * @param version such as "3.12.1"
 * @param executable its real path
 */
record BasePython(String command, String version, String executable) {
  private static final String MISSING = "Python 3.10 to 3.14 with its venv module not found";
  private static final String REMEDY =
      "install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install"
          + " python@3.13; Windows: winget install Python.Python.3.13),"
          + " or set PORTAGE_PYTHON to a Python";

  /**
   * Finds one: the one that PORTAGE_PYTHON names, else the newest on the path that the lock covers.
   */
  static BasePython find(Map<String, String> environment) {
    List<String> tried = new ArrayList<>();
    String wanted = environment.getOrDefault("PORTAGE_PYTHON", "");
    List<String> commands =
        wanted.isBlank()
            ? List.of(
                "python3.13",
                "python3.12",
                "python3.11",
                "python3.10",
                "python3.14",
                "python3",
                "python")
            : List.of(wanted);
    for (String command : commands) {
      Optional<BasePython> found = ask(command, tried);
      if (found.isPresent()) {
        return found.get();
      }
    }
    String seen = tried.isEmpty() ? "" : " (" + String.join("; ", tried) + ")";
    String named = wanted.isBlank() ? "" : " under PORTAGE_PYTHON=" + wanted;
    throw new PythonMissingException(MISSING + named + seen + ": " + REMEDY);
  }

  private static Optional<BasePython> ask(String command, List<String> tried) {
    try {
      // A name on the path may be a stub that only explains how to get the real one.
      Process process =
          new ProcessBuilder(
                  command,
                  "-I",
                  "-c",
                  "import sys, platform; print(platform.python_version()); print(sys.executable);"
                      + "import venv, ensurepip; print('venv')")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      List<String> answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      if (answer.size() < 2) {
        return Optional.empty();
      }
      if (!covered(answer.get(0))) {
        tried.add(command + " is " + answer.get(0));
        return Optional.empty();
      }
      if (answer.size() < 3) {
        tried.add(command + " is " + answer.get(0) + " without venv");
        return Optional.empty();
      }
      return Optional.of(new BasePython(command, answer.get(0), answer.get(1)));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PythonMissingException("interrupted while looking for Python");
    }
  }

  /** The range of requirements.lock. */
  private static boolean covered(String version) {
    String[] parts = version.split("\\.", -1);
    try {
      int minor = Integer.parseInt(parts[1]);
      return parts[0].equals("3") && minor >= 10 && minor <= 14;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }
}
