package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** SHA-256 of a file and of each of its parts, made while the bytes pass; holds no bytes. */
final class PartDigests {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final String path;
  private final @Nullable ManifestFile expected;
  private final long partBytes;
  private final List<String> parts = new ArrayList<>();

  /** Of the whole file. Null during the first part, whose digest is the same until then. */
  private @Nullable MessageDigest whole;

  private MessageDigest part = sha256();
  private long inPart;
  private long size;

  /**
   * Starts a file.
   *
   * @param expected what it has to be, compared at the end of each part; null to just find out
   */
  PartDigests(String path, @Nullable ManifestFile expected) {
    this(path, expected, Manifest.PART_BYTES);
  }

  PartDigests(String path, @Nullable ManifestFile expected, long partBytes) {
    this.path = path;
    this.expected = expected;
    this.partBytes = partBytes;
  }

  /**
   * Reads a stream to its end.
   *
   * @param counted told how many bytes passed, each time some did
   * @throws WrongBytes when it is not what was expected
   */
  ManifestFile readAll(ArtifactSource.Stream stream, LongConsumer counted) {
    return pump(stream, (_, _) -> {}, counted);
  }

  /**
   * Reads a stream to its end and writes it on. Bytes beyond the expected size are not written.
   *
   * @throws WrongBytes when it is not what was expected; part of it has been written then
   */
  ManifestFile pump(ArtifactSource.Stream from, ArtifactSink.Stream to, LongConsumer counted) {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      update(buffer, read);
      to.write(buffer, read);
      counted.accept(read);
    }
    return done();
  }

  void update(byte[] buffer, int length) {
    if (expected != null && size + length > expected.size()) {
      throw new WrongBytes("file " + path + " is longer than its " + expected.size() + " bytes");
    }
    int from = 0;
    while (from < length) {
      if (inPart == partBytes) {
        endPart();
      }
      int some = (int) Math.min(length - from, partBytes - inPart);
      part.update(buffer, from, some);
      if (whole != null) {
        whole.update(buffer, from, some);
      }
      inPart += some;
      from += some;
    }
    size += length;
  }

  /** The whole file. No more bytes may follow. */
  ManifestFile done() {
    if (expected != null && size != expected.size()) {
      throw new WrongBytes(
          "file " + path + " has " + size + " bytes instead of " + expected.size());
    }
    String last = endPart();
    String all = whole == null || parts.size() == 1 ? last : hex(whole.digest());
    ManifestFile file = new ManifestFile(path, size, all, parts);
    if (expected != null && !file.equals(expected)) {
      throw new WrongBytes("file " + path + " has other content");
    }
    return file;
  }

  private String endPart() {
    if (whole == null) {
      whole = copyOf(part);
    }
    String digest = hex(part.digest());
    int number = parts.size();
    if (expected != null
        && (number >= expected.parts().size() || !expected.parts().get(number).equals(digest))) {
      throw new WrongBytes(
          "file "
              + path
              + " has other content in part "
              + (number + 1)
              + " of "
              + expected.parts().size());
    }
    parts.add(digest);
    part = sha256();
    inPart = 0;
    return digest;
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static MessageDigest copyOf(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own SHA-256 can be copied", e);
    }
  }
}
