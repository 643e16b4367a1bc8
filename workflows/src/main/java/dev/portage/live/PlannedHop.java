package dev.portage.live;

import dev.portage.job.Source;
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
 */
public record PlannedHop(
    Settings settings, Station target, @Nullable Source source, @Nullable String promotion) {}
