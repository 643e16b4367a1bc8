package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a file, or of some of its parts, computed while the bytes pass; holds no bytes. If
 * the expected digests are known, the parts are compared, and the digest of the whole, which would
 * cost as much again, follows from theirs.
 */
final class PartDigests {
  static final int BUFFER_BYTES = 256 * 1024;

  private final String path;
  private final @Nullable ManifestFile expected;
  private final long partBytes;

  /** Index of the first part that passes here. */
  private final int first;

  /** Bytes that have to pass here, where that is known. */
  private final long length;

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
    this(path, expected, partBytes, 0, expected == null ? Long.MAX_VALUE : expected.size());
  }

  private PartDigests(
      String path, @Nullable ManifestFile expected, long partBytes, int first, long length) {
    this.path = path;
    this.expected = expected;
    this.partBytes = partBytes;
    this.first = first;
    this.length = length;
  }

  /** Starts in the middle of a known file, with one of its parts, for so many bytes. */
  static PartDigests ofRange(ManifestFile file, int firstPart, long length) {
    return new PartDigests(file.path(), file, Manifest.PART_BYTES, firstPart, length);
  }

  /**
   * Reads a stream to its end.
   *
   * @param counted called with the number of bytes, each time some passed
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
    byte[] buffer = new byte[Math.clamp(length, 1, BUFFER_BYTES)];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      update(buffer, read);
      to.write(buffer, read);
      counted.accept(read);
    }
    return done();
  }

  /**
   * Reads a stream to its end and keeps its bytes.
   *
   * @param bytes as many as are expected
   * @throws WrongBytes when it is not what was expected
   */
  ManifestFile fill(ArtifactSource.Stream from, byte[] bytes) {
    int[] at = {0};
    return pump(
        from,
        (buffer, count) -> {
          System.arraycopy(buffer, 0, bytes, at[0], count);
          at[0] += count;
        },
        _ -> {});
  }

  void update(byte[] buffer, int count) {
    if (expected != null && size + count > length) {
      throw new WrongBytes("file " + path + " is longer than its " + expected.size() + " bytes");
    }
    int from = 0;
    while (from < count) {
      if (inPart == partBytes) {
        endPart();
      }
      int some = (int) Math.min(count - from, partBytes - inPart);
      part.update(buffer, from, some);
      if (whole != null) {
        whole.update(buffer, from, some);
      }
      inPart += some;
      from += some;
    }
    size += count;
    if (expected != null && size == length) {
      // Before the last bytes are handed on: what is wrong is never a complete body elsewhere.
      endPart();
    }
  }

  /** The whole file, which is the expected one where one was. No more bytes may follow. */
  ManifestFile done() {
    if (expected != null) {
      if (size != length) {
        throw WrongBytes.tooShort(
            "file "
                + path
                + " has "
                + (first * partBytes + size)
                + " bytes instead of "
                + expected.size());
      }
      if (size == 0) {
        endPart();
      }
      return expected;
    }
    String last = endPart();
    String all = whole == null || parts.size() == 1 ? last : hex(whole.digest());
    return new ManifestFile(path, size, all, parts);
  }

  private String endPart() {
    if (expected == null && whole == null) {
      whole = copyOf(part);
    }
    String digest = hex(part.digest());
    int number = first + parts.size();
    if (expected != null
        && (number >= expected.parts().size() || !expected.parts().get(number).equals(digest))) {
      throw WrongBytes.other(
          "file "
              + path
              + " has other content in part "
              + (number + 1)
              + " of "
              + expected.parts().size(),
          digest);
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
