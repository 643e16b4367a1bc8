package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The workspace's own signing key, stored so that URLs survive a restart. */
final class KeyFile {
  private KeyFile() {}

  /** The key in a folder, in Base64; made where there is none. */
  static String in(Path folder) throws IOException {
    Path file = folder.resolve("signing.key");
    if (Files.notExists(file)) {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      Path made =
          Files.createTempFile(
              folder,
              "key",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(made, Base64.getEncoder().encodeToString(key));
      Files.move(made, file);
    }
    return Files.readString(file).strip();
  }
}
