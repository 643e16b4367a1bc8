package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.TemporalConnection;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryOrder;
import dev.portage.history.HistoryView;
import dev.portage.registry.ModelName;
import dev.portage.release.Release;
import dev.portage.text.Utc;
import io.temporal.client.WorkflowException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of releases since a promotion made them: it has ended and does not know, and the log
 * of the workspace does.
 */
public final class LiveSince {

  /** Freezes and quarantines stand between releases. */
  private static final int ENTRIES = 50;

  private final HistoryRunner history;

  /**
   * Reads through a connection.
   *
   * @param timeout how long to wait for a worker to take it up where none is seen
   */
  public LiveSince(TemporalConnection connection, Duration timeout) {
    this.history = new HistoryRunner(connection, timeout);
  }

  /**
   * A line on each release: what is live in its place, or that it still is.
   *
   * @param model name of the model
   * @param releases what the promotion made live
   */
  public List<String> lines(String model, List<Release> releases) {
    return releases.stream().map(release -> line(model, release)).toList();
  }

  private String line(String model, Release release) {
    try {
      HistoryView view =
          history.read(new HistoryOrder(release.model(), release.workspace(), ENTRIES, null));
      if (view.problem() == null && !view.lacksAnswers()) {
        Optional<String> known = line(release, view.events());
        if (known.isPresent()) {
          return known.get();
        }
      }
    } catch (ConnectionException | WorkflowException unanswered) {
      // Who asks about a promotion gets its answer all the same.
    }
    return went(release)
        + "; what is live now: portage history "
        + ModelName.typed(model, release.model());
  }

  /** By the log of its workspace, the newest entry first; empty where it has no release. */
  static Optional<String> line(Release release, List<HistoryEvent> newestFirst) {
    Optional<HistoryEvent> newest =
        newestFirst.stream()
            .filter(event -> event.workspace().equals(release.workspace()))
            .filter(HistoryEvent::hasRelease)
            .findFirst();
    return newest.map(event -> went(release) + "; " + since(event, release));
  }

  private static String since(HistoryEvent event, Release release) {
    if (!isLater(event, release)) {
      return "the log of " + release.workspace() + " has nothing later: it is live";
    }
    String live = Objects.requireNonNull(event.release(), "filtered").version();
    return (event.kind() == HistoryKind.ROLLBACK ? "rolled back since by " : "followed since by ")
        + Objects.requireNonNullElse(event.workflow(), event.kind().word())
        + ": version "
        + live
        + " is live";
  }

  private static boolean isLater(HistoryEvent event, Release release) {
    Release live = event.release();
    return live != null
        && !live.version().equals(release.version())
        && !event.at().isBefore(release.at());
  }

  private static String went(Release release) {
    return "version "
        + release.version()
        + " went live in "
        + release.workspace()
        + " at "
        + Utc.minutes(release.at());
  }
}
