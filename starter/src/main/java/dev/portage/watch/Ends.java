package dev.portage.watch;

import dev.portage.adopt.AdoptStart;
import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionView;
import dev.portage.step.CourseShown;
import dev.portage.text.Utc;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How something ended that takes no message any more. */
public final class Ends {

  private final TemporalConnection connection;

  /** Looks through a connection. */
  public Ends(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * What became of a promotion, rollback, adoption or watch, in a sentence without its full stop;
   * empty if Temporal has none by that id.
   */
  public Optional<String> of(String id) {
    Optional<String> course = kind(id).flatMap(kind -> ofCourse(id, kind));
    return isCourse(id) ? course : new Promotions(connection).look(id).map(this::ofPromotion);
  }

  private static boolean isCourse(String id) {
    return kind(id).isPresent();
  }

  private static Optional<Courses.Kind<? extends CourseShown>> kind(String id) {
    if (Rollbacks.isId(id)) {
      return Optional.of(new Rollbacks.Kind());
    }
    if (LiveWatches.isId(id)) {
      return Optional.of(new LiveWatches());
    }
    return AdoptStart.isId(id) ? Optional.of(new Adoptions.Kind()) : Optional.empty();
  }

  private <V extends CourseShown> Optional<String> ofCourse(String id, Courses.Kind<V> kind) {
    return new Courses<>(connection, kind, Duration.ZERO, Duration.ZERO)
        .look(id)
        .map(seen -> text(id, String.valueOf(seen.view().state()), closed(id), seen.view().says()));
  }

  private String ofPromotion(Snapshot snapshot) {
    PromotionView view = snapshot.view();
    return text(view.id(), String.valueOf(view.state()), closed(view.id()), view.says());
  }

  private @Nullable Instant closed(String id) {
    try {
      WorkflowExecutionDescription described =
          connection.client().newUntypedWorkflowStub(id).describe();
      return described.getCloseTime();
    } catch (WorkflowNotFoundException _) {
      return null;
    }
  }

  private static String text(String id, String state, @Nullable Instant at, String says) {
    return id
        + (at == null ? " takes no messages now" : " has ended")
        + ": it is "
        + state
        + (at == null ? "" : " since " + Utc.minutes(at))
        + ", "
        + says;
  }
}
