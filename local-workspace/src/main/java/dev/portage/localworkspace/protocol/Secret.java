package dev.portage.localworkspace.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A key that must be used as it is, and never shown. */
public final class Secret {
  private final String value;

  /** A secret of that value. */
  public Secret(String value) {
    this.value = value;
  }

  /**
   * The secret in a file, without white space around it.
   *
   * @throws IOException when the file can't be read or is empty
   */
  public static Secret inFile(Path file) throws IOException {
    String value = Files.readString(file).strip();
    if (value.isEmpty()) {
      throw new IOException("The key file " + file + " is empty");
    }
    return new Secret(value);
  }

  /** The value; use it only in a signature. */
  public String value() {
    return value;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
