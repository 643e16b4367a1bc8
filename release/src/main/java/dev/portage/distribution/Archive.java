package dev.portage.distribution;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a tree. The same tree gives the same bytes, whoever packs it, where and when: the files are
 * in order, belong to nobody, and are as old as the release says.
 */
final class Archive {

  /** The oldest moment that a zip can hold. */
  static final LocalDateTime ZERO = LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int PREFIX = 155;
  private static final int CHECKSUM = 148;

  private final String folder;
  private final Instant moment;

  /**
   * An archive.
   *
   * @param folder its only folder at the top, which everything is in
   * @param moment how old each file is
   */
  Archive(String folder, Instant moment) {
    this.folder = folder;
    this.moment = moment;
  }

  /** Writes a tar, compressed by gzip. */
  void tarGz(Tree tree, Path file) throws IOException {
    try (OutputStream out = new Gzip(Files.newOutputStream(file))) {
      for (Map.Entry<String, Tree.Entry> one : tree.entries().entrySet()) {
        byte[] content = one.getValue().content();
        out.write(header(folder + "/" + one.getKey(), content.length, one.getValue().isProgram()));
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
      }
      out.write(new byte[2 * BLOCK]);
    }
  }

  /** Writes a zip. */
  void zip(Tree tree, Path file) throws IOException {
    // Without a zone: a zip's times are local ones.
    LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      for (Map.Entry<String, Tree.Entry> one : tree.entries().entrySet()) {
        ZipEntry entry = new ZipEntry(folder + "/" + one.getKey());
        entry.setTimeLocal(time);
        CRC32 checksum = new CRC32();
        checksum.update(one.getValue().content());
        entry.setCrc(checksum.getValue());
        out.putNextEntry(entry);
        out.write(one.getValue().content());
        out.closeEntry();
      }
    }
  }

  /** A header as POSIX ustar wants it. */
  private byte[] header(String path, long size, boolean program) {
    byte[] header = new byte[BLOCK];
    int cut = path.length() <= NAME ? -1 : path.indexOf('/', path.length() - NAME - 1);
    if (path.length() > NAME && (cut < 0 || cut > PREFIX)) {
      throw new ReleaseException(path + " is too long for a tar archive");
    }
    put(header, 0, path.substring(cut + 1));
    put(header, 100, program ? "0000755" : "0000644");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, octal(size));
    put(header, 136, octal(moment.getEpochSecond()));
    put(header, CHECKSUM, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar");
    put(header, 263, "00");
    put(header, 345, path.substring(0, Math.max(0, cut)));
    int sum = 0;
    for (byte one : header) {
      sum += Byte.toUnsignedInt(one);
    }
    put(header, CHECKSUM, String.format("%06o", sum));
    header[CHECKSUM + 6] = 0;
    return header;
  }

  private static String octal(long number) {
    return String.format("%011o", number);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** The header of gzip that it writes holds no time and no name. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(new BufferedOutputStream(out), 1 << 16);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
