package dev.portage.localworkspace.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file.
 *
 * @param from the first byte
 * @param end the byte after the last
 */
public record ByteRange(long from, long end) {
  private static final long PIECE = 1024 * 1024;

  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Reads a {@code Range} header of one part; null where there is none or it has several, which
   * means the whole file.
   *
   * @throws ApiRefusal if the part is outside the file
   */
  public static @Nullable ByteRange parse(@Nullable String header, long size) {
    Matcher matcher = header == null ? null : FORM.matcher(header);
    if (matcher == null || !matcher.matches()) {
      return null;
    }
    String first = Objects.requireNonNullElse(matcher.group(1), "");
    String last = Objects.requireNonNullElse(matcher.group(2), "");
    if (first.isEmpty() && last.isEmpty()) {
      return null;
    }
    long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
    long end = first.isEmpty() || last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
    if (from >= end) {
      throw ApiRefusal.rangeNotSatisfiable(
          "The file has " + size + " bytes; " + header + " is outside it.");
    }
    return new ByteRange(from, end);
  }

  /** How many bytes it has. */
  public long length() {
    return end - from;
  }

  /** The {@code Content-Range} of it. */
  public String contentRange(long size) {
    return "bytes " + from + "-" + (end - 1) + "/" + size;
  }

  /**
   * Writes it out in pieces.
   *
   * @throws IOException if the file was truncated in the meantime, or the other side is gone
   */
  public void copy(Path file, OutputStream to) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      WritableByteChannel out = Channels.newChannel(to);
      long at = from;
      while (at < end) {
        long moved = in.transferTo(at, Math.min(PIECE, end - at), out);
        if (moved == 0) {
          throw new IOException(file + " was truncated while being read");
        }
        at += moved;
      }
    }
    to.flush();
  }
}
