package dev.portage.freeze;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment as people write it for a freeze. Always with its zone: nobody has to guess whose
 * midnight is meant.
 */
public final class FreezeTime {

  /** For messages. */
  public static final String ALLOWED =
      "a time with its zone, such as 2026-12-31T18:00Z, 2026-12-31T18:00+01:00"
          + " or \"2026-12-31 18:00 Europe/Berlin\"";

  private static final Pattern WITH_ZONE =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}(?::\\d{2})?)"
              + " ?(Z|[+-]\\d{2}:?\\d{2}|[+-]\\d{2}|\\[?[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*]?)");
  private static final Pattern WITHOUT_ZONE =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)?");
  private static final Pattern LOCAL =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(?:T| +)(\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)");

  private FreezeTime() {}

  /**
   * A text as a moment.
   *
   * @param text as it was written
   * @throws WrongTimeException that says what is wrong with it
   */
  public static Instant read(String text) throws WrongTimeException {
    String written = text.strip();
    if (WITHOUT_ZONE.matcher(written).matches()) {
      throw new WrongTimeException("\"" + written + "\" has no time zone, or no time of day");
    }
    try {
      return OffsetDateTime.parse(written).toInstant();
    } catch (DateTimeParseException other) {
      // One of the shorter forms.
    }
    Matcher parts = WITH_ZONE.matcher(written);
    if (!parts.matches()) {
      throw new WrongTimeException("\"" + written + "\" is no time");
    }
    LocalDateTime time = local(written, group(parts, 1), group(parts, 2));
    return instant(written, time, zone(group(parts, 3)));
  }

  /**
   * The same, where a text that names no zone is meant in a known one.
   *
   * @param text as it was typed, with its time of day
   * @param here the zone that it is meant in where it names none
   * @throws WrongTimeException that says what is wrong with it
   */
  public static Instant read(String text, ZoneId here) throws WrongTimeException {
    Matcher parts = LOCAL.matcher(text.strip());
    return parts.matches()
        ? instant(text.strip(), local(text.strip(), group(parts, 1), group(parts, 2)), here)
        : read(text);
  }

  /** Whether a text names its zone. */
  public static boolean namesZone(String text) {
    return !LOCAL.matcher(text.strip()).matches();
  }

  private static String group(Matcher parts, int index) {
    return Objects.requireNonNull(parts.group(index), "the groups of a match");
  }

  private static LocalDateTime local(String written, String date, String time)
      throws WrongTimeException {
    try {
      return LocalDateTime.parse(LocalDate.parse(date) + "T" + time);
    } catch (DateTimeParseException none) {
      throw new WrongTimeException("\"" + written + "\" is a time that doesn't exist");
    }
  }

  private static ZoneId zone(String name) throws WrongTimeException {
    String plain = name.replace("[", "").replace("]", "");
    try {
      if (plain.length() > 1 && "+-".indexOf(plain.charAt(0)) >= 0) {
        return ZoneOffset.of(plain);
      }
      if (!plain.equals("Z")
          && !plain.equals("UTC")
          && !ZoneId.getAvailableZoneIds().contains(plain)) {
        throw new WrongTimeException("\"" + plain + "\" is no time zone");
      }
      return ZoneId.of(plain);
    } catch (DateTimeException none) {
      throw new WrongTimeException("\"" + plain + "\" is no time zone");
    }
  }

  /** Where clocks are put forward or back, a time exists never or twice. */
  private static Instant instant(String written, LocalDateTime time, ZoneId zone)
      throws WrongTimeException {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
    if (offsets.size() == 1) {
      return ZonedDateTime.of(time, zone).toInstant();
    }
    ZoneOffsetTransition change =
        Objects.requireNonNull(zone.getRules().getTransition(time), "no single offset");
    throw new WrongTimeException(
        "\""
            + written
            + "\" "
            + (offsets.isEmpty() ? "doesn't exist" : "happens twice")
            + ", since clocks change from "
            + change.getOffsetBefore()
            + " to "
            + change.getOffsetAfter()
            + " then",
        "the time with its offset instead of the zone: "
            + time.atOffset(change.getOffsetBefore())
            + " or "
            + time.atOffset(change.getOffsetAfter()));
  }

  /** What is wrong with a time. */
  public static final class WrongTimeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String allowed;

    WrongTimeException(String message) {
      this(message, ALLOWED);
    }

    WrongTimeException(String message, String allowed) {
      super(message);
      this.allowed = allowed;
    }

    /** What may be written instead. */
    public String allowed() {
      return allowed;
    }
  }
}
