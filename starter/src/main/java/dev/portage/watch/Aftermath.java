package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.freeze.Freeze;
import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.promotion.PromotionView;
import dev.portage.registry.ModelName;
import dev.portage.release.Release;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseShown;
import dev.portage.step.CourseView;
import dev.portage.text.Utc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came after a promotion: the watch of what it released, and rollbacks of its model. It has
 * ended and does not know of them.
 */
public final class Aftermath {

  /** More are in the list. */
  private static final int MOST = 3;

  private final TemporalConnection connection;

  /** Looks through a connection. */
  public Aftermath(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * One thing that came after it.
   *
   * @param line what it is, and where it stands
   * @param next the command to go on with, null where nobody has to act
   * @param why what that command does, null without one
   */
  public record Event(String line, @Nullable String next, @Nullable String why) {}

  /**
   * The newest first: rollbacks that have not ended, or started after the promotion, and watches of
   * its releases that found a limit broken, with the hold that follows.
   */
  public List<Event> of(PromotionView promotion) {
    Set<String> rollbacks = new LinkedHashSet<>(listed(promotion));
    List<Event> watches = new ArrayList<>();
    for (Release release : promotion.releases()) {
      String id =
          new LiveWatchId(release.workspace(), release.model(), release.version()).workflow();
      look(id, new LiveWatches())
          .filter(watch -> watch.state() != CourseView.State.DONE)
          .ifPresent(watch -> {
            Optional.ofNullable(watch.rollback()).ifPresent(rollbacks::add);
            watches.addAll(events(watch, ModelName.typed(promotion.model(), release.model())));
          });
    }
    List<Event> events = new ArrayList<>();
    for (String id : rollbacks) {
      look(id, new Rollbacks.Kind()).map(Aftermath::event).ifPresent(events::add);
    }
    events.addAll(watches);
    return List.copyOf(events);
  }

  private static Event event(RollbackView rollback) {
    String line =
        rollback.id()
            + "  "
            + rollback.state()
            + ", "
            + rollback.says()
            + "; started by "
            + rollback.startedBy()
            + " at "
            + Utc.minutes(rollback.started());
    if (rollback.next() != null) {
      return new Event(line, rollback.next(), "carry on with the rollback");
    }
    return rollback.state().ended()
        ? new Event(line, null, null)
        : new Event(line, "portage watch " + rollback.id(), "follow the rollback to its end");
  }

  private static List<Event> events(LiveWatchView watch, String model) {
    List<Event> events = new ArrayList<>();
    events.add(
        new Event(
            watch.id() + "  " + watch.state() + ", " + watch.says(),
            watch.next(),
            watch.next() == null ? null : "carry on with the watch"));
    if (Boolean.TRUE.equals(watch.held())) {
      String end = Freeze.letGo(model) + " --workspace " + watch.workspace();
      events.add(
          new Event(
              "promotions of " + model + " to " + watch.workspace() + " are held until: " + end,
              end,
              "let promotions of it go live there again"));
    }
    return events;
  }

  private List<String> listed(PromotionView promotion) {
    try {
      return new PromotionList(connection).rollbacksSince(promotion, MOST);
    } catch (WorkflowServiceException | StatusRuntimeException e) {
      // The server inside the JVM has no list.
      if (Status.fromThrowable(e).getCode() == Status.Code.UNIMPLEMENTED) {
        return List.of();
      }
      throw e;
    }
  }

  private <V extends CourseShown> Optional<V> look(String id, Courses.Kind<V> kind) {
    return new Courses<>(connection, kind, Duration.ZERO, Duration.ZERO)
        .look(id)
        .map(Courses.Seen::view);
  }
}
