package dev.portage.checkout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Makes a folder a Git repository: the one thing that changes something by git. */
public final class NewRepository {

  private NewRepository() {}

  /**
   * Runs {@code git init} in a folder that belongs to no repository, with the person's own
   * settings.
   *
   * @throws CheckoutException when git does not run, or refuses
   */
  public static void at(Path folder) {
    ProcessBuilder builder =
        new ProcessBuilder(List.of("git", "init", "--quiet", "--initial-branch=main"))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    Git.isolate(builder.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new CheckoutException("git init failed in " + folder + ": " + said.strip());
      }
    } catch (IOException e) {
      throw new CheckoutException(
          "can't run git (" + e.getMessage() + "); install it or add it to the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CheckoutException("interrupted while git was running");
    }
  }
}
