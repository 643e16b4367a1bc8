package dev.portage.localworkspace.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gets the code of a run into a folder of its own. */
public interface Checkouts {
  /**
   * Checks out.
   *
   * @param folder where to; it is made, and holds exactly the files of the commit afterwards
   * @return the commit in full
   * @throws CheckoutFailed when repository or reference can't be had
   * @throws InterruptedException when the run is cancelled meanwhile
   */
  String checkOut(GitSource source, Path folder) throws CheckoutFailed, InterruptedException;

  /** Checkouts for tests of everything else: the folder is made and stays empty. */
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
