package dev.portage.localworkspace.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fetches the code of a run into a separate folder. */
public interface Checkouts {
  /**
   * Checks out.
   *
   * @param folder where to; it is made, and holds exactly the files of the commit afterwards
   * @return the commit in full
   * @throws CheckoutFailed if the repository or reference is not available
   * @throws InterruptedException if the run is cancelled in the meantime
   */
  String checkOut(GitSource source, Path folder) throws CheckoutFailed, InterruptedException;

  /** Checkouts for tests of everything else: creates an empty folder. */
  static Checkouts empty() {
    return (source, folder) -> {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new CheckoutFailed("Could not make " + folder);
      }
      return source.reference();
    };
  }
}
