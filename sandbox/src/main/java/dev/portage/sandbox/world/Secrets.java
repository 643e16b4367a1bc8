package dev.portage.sandbox.world;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Tokens of the sandbox's workspaces: new with each start, in files that only their owner can read.
 */
final class Secrets {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** A new token. */
  static String token() {
    byte[] bytes = new byte[20];
    RANDOM.nextBytes(bytes);
    return "dapi" + HexFormat.of().formatHex(bytes);
  }

  /** Writes one, readable for nobody else from the first byte on. */
  static void write(Path file, String token) throws IOException {
    Files.deleteIfExists(file);
    FileAttribute<?>[] ownersOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Files.createFile(file, ownersOnly);
    Files.writeString(file, token + "\n");
  }
}
