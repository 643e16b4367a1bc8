package dev.portage.text;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a {@link Line}. Each renderer escapes and bounds it for where the line goes. */
public sealed interface Span {

  /** Our own words, shown unchanged: nothing in them is special to any page. */
  record Words(String words) implements Span {}

  /** What others wrote. */
  record Text(String text) implements Span {}

  /** What people copy, or compare letter by letter. */
  record Code(String text) implements Span {}

  /**
   * What others wrote, and where more of it can be read.
   *
   * @param page null where there is no such page
   */
  record Link(String text, @Nullable URI page) implements Span {}

  /** Names, of which the first few are shown and the rest are counted. */
  record Names(List<String> names) implements Span {
    public Names {
      names = List.copyOf(names);
    }
  }

  /** A moment, in the reader's own time zone where that is known. */
  record Moment(Instant at) implements Span {}

  /** How long something took. */
  record Took(Duration time) implements Span {}
}
