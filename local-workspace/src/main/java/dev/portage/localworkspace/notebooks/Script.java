package dev.portage.localworkspace.notebooks;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Extracts one of this module's Python scripts so that Python can run it. */
public final class Script {
  private Script() {}

  /**
   * Copies a script out of the module.
   *
   * @param beside a class in the script's package
   * @param name the file name, possibly in a folder next to the class
   * @param folder where to; it is made
   * @throws IOException when it can't be written
   */
  public static Path extract(Class<?> beside, String name, Path folder) throws IOException {
    Path target = folder.resolve(name).toAbsolutePath();
    Files.createDirectories(folder.resolve(name.substring(0, name.lastIndexOf('/') + 1)));
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is missing from the jar");
      }
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }
}
