package dev.portage.command;

import dev.portage.azuredevops.LoggingCommands;
import dev.portage.connection.TemporalConnection;
import dev.portage.livewatch.LiveWatchPage;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.text.Page;
import dev.portage.watch.LiveWatches;
import java.util.List;
import java.util.Objects;

/** The watch of a released version on a screen. */
final class LiveWatchScreen extends CourseScreen<LiveWatchView> {

  LiveWatchScreen(Screen screen, CommandEnvironment context, TemporalConnection connection) {
    super(screen, context, connection, new LiveWatches());
  }

  @Override
  Page statusPage(LiveWatchView view) {
    return LiveWatchPage.status(view);
  }

  @Override
  List<String> orders(LiveWatchView view) {
    return List.of(
        LoggingCommands.output("watchId", view.id()),
        LoggingCommands.output("rollbackId", Objects.requireNonNullElse(view.rollback(), "")));
  }

  /** Nobody orders a watch: one that failed did not take back what it found to be wrong. */
  @Override
  boolean isRefused(LiveWatchView view) {
    return false;
  }

  @Override
  String tooLate(LiveWatchView view) {
    return "found a broken limit, and takes the version back"
        + (view.rollback() == null ? "" : ". To end that: portage cancel " + view.rollback());
  }
}
