package dev.portage.localworkspace.files;

import dev.portage.localworkspace.protocol.ApiRefusal;
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
record ByteRange(long from, long end) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * Reads a {@code Range} header of one part; null where there is none or it has several, which
   * means the whole file.
   *
   * @throws ApiRefusal when the part lies outside of the file
   */
  static @Nullable ByteRange parse(@Nullable String header, long size) {
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
          "The file has " + size + " bytes; " + header + " lies outside of it.");
    }
    return new ByteRange(from, end);
  }
}
