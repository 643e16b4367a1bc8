package dev.portage.livewatch;

import dev.portage.step.CourseKept;
import dev.portage.step.CourseView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to say about a watch: the answer to the query {@code status}, the workflow's
 * result, the detail of its failure, and what {@code --output json} prints.
 *
 * @param id workflow id
 * @param state its state; {@code REJECTED} where a limit was broken and the version taken back
 * @param says one line: what it is doing, or its result
 * @param next the command that carries it on, null when nobody has to act
 * @param model its name in {@code promotion.yaml}
 * @param workspace where
 * @param version version that is watched
 * @param promotion id of the promotion that released it; null when unknown
 * @param endpoint its endpoint; null when unknown
 * @param watch how it is watched, in words; null when unknown
 * @param limits limits of the version, in words; null when unknown
 * @param until when its time is over; null when unknown
 * @param looks how many looks there were
 * @param judged how many of them judged the version
 * @param last what the last one found; null before the first
 * @param lastAt when that was; null before the first
 * @param broken the limits that are broken, with value and times; null if none is
 * @param rollback id of the rollback that it started; null for none
 * @param held whether it holds promotions of the model
 * @param course its steps, and what people should know
 */
public record LiveWatchView(
    String id,
    CourseView.State state,
    String says,
    @Nullable String next,
    String model,
    String workspace,
    String version,
    @Nullable String promotion,
    @Nullable String endpoint,
    @Nullable String watch,
    @Nullable String limits,
    @Nullable Instant until,
    Integer looks,
    Integer judged,
    @Nullable String last,
    @Nullable Instant lastAt,
    @Nullable String broken,
    @Nullable String rollback,
    Boolean held,
    CourseView course)
    implements CourseKept {

  /** A watch of which only its course and its id are known. */
  public static LiveWatchView outline(
      String model, String workspace, String version, CourseView course) {
    return new Builder(course.id(), model, workspace, version, course).build();
  }

  /** Whether it is taking the version back: from then on, only the rollback can be cancelled. */
  @Override
  public boolean pastNoReturn() {
    return broken != null;
  }

  /** Builds one; see the parts of the record. */
  static final class Builder {
    private final String id;
    private final String model;
    private final String workspace;
    private final String version;
    private final CourseView course;
    private @Nullable String promotion;
    private @Nullable String endpoint;
    private @Nullable String watch;
    private @Nullable String limits;
    private @Nullable Instant until;
    private WatchFindings looks = WatchFindings.NONE;
    private @Nullable String broken;
    private @Nullable String rollback;
    private boolean held;

    Builder(String id, String model, String workspace, String version, CourseView course) {
      this.id = id;
      this.model = model;
      this.workspace = workspace;
      this.version = version;
      this.course = course;
    }

    Builder promotion(String workflow) {
      promotion = workflow;
      return this;
    }

    Builder watched(String name, String how, String toKeep, Instant end) {
      endpoint = name;
      watch = how;
      limits = toKeep;
      until = end;
      return this;
    }

    Builder looks(WatchFindings found) {
      looks = found;
      return this;
    }

    Builder broken(@Nullable String limit) {
      broken = limit;
      return this;
    }

    Builder rollback(@Nullable String workflow) {
      rollback = workflow;
      return this;
    }

    Builder held(boolean isHeld) {
      held = isHeld;
      return this;
    }

    LiveWatchView build() {
      return new LiveWatchView(
          id,
          course.state(),
          course.says(),
          course.next(),
          model,
          workspace,
          version,
          promotion,
          endpoint,
          watch,
          limits,
          until,
          looks.count(),
          looks.judged(),
          looks.last(),
          looks.lastAt(),
          broken,
          rollback,
          held,
          course);
    }
  }
}
