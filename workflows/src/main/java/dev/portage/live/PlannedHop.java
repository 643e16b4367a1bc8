package dev.portage.live;

import dev.portage.job.Source;
import dev.portage.serving.Testable;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import org.jspecify.annotations.Nullable;

/**
 * A hop to be planned.
 *
 * @param settings what the promotion is to do
 * @param target workspace of the hop
 * @param source commit and repository; null without a commit
 * @param promotion id of the promotion, null before there is one
 * @param testable what the model can be tested with; null while nobody has looked
 */
public record PlannedHop(
    Settings settings,
    Station target,
    @Nullable Source source,
    @Nullable String promotion,
    @Nullable Testable testable) {

  /** One of which nobody knows yet what it can be tested with. */
  public PlannedHop(
      Settings settings, Station target, @Nullable Source source, @Nullable String promotion) {
    this(settings, target, source, promotion, null);
  }
}
