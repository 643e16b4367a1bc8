package dev.portage.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of files, as the program sha256sum writes and checks them. */
final class Checksums {

  private Checksums() {}

  /** A file's SHA-256, in hexadecimal. */
  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file + " failed", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Writes the list of some files, which lie beside it. */
  static void write(Path list, List<Path> files) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : files.stream().sorted().toList()) {
      text.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
    }
    Files.writeString(list, text);
  }
}
