package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Entries of the log as tags. */
class EventTagsTest {

  @Test
  @ResourceLock(Resources.LOCALE)
  void theirNamesAreTheSameInEachLocale() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      HistoryEvent event =
          HistoryEvent.of(
                  "freeze/prod/1",
                  HistoryKind.FREEZE,
                  "prod",
                  null,
                  Instant.EPOCH,
                  "ana@example.com")
              .build();

      Map<String, String> tags = EventTags.write(event, Instant.EPOCH);

      assertThat(tags).containsKey(EventTags.PART + "000");
      assertThat(EventTags.read(tags)).contains(event);
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }
}
