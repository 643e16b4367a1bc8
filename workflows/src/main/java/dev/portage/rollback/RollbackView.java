package dev.portage.rollback;

import dev.portage.approval.Decision;
import dev.portage.approval.Refusal;
import dev.portage.approval.Request;
import dev.portage.failure.Problem;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.step.CourseShown;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to say about a rollback: the answer to the query {@code status}, the
 * workflow's result, the detail of its failure, and what {@code --output json} prints.
 *
 * @param id workflow id
 * @param model what {@code {model}} stands for; as typed before the platform file was read
 * @param state its state
 * @param says one line: what it does, or why it waits and who may act
 * @param next the command that carries it on, null when nobody has to act
 * @param workspace where; null before the platform file was read, if nobody named one
 * @param registered full name of the registered model there, null before the platform file was read
 * @param reason why, as its starter said; null in a plan that gave none
 * @param startedBy who started it
 * @param started when
 * @param ended when it ended, null while it runs
 * @param plan what it changes, null before it has looked
 * @param steps every step so far and to come, in order
 * @param asked the request for approval, and what became of it
 * @param notices what people should know
 * @param problem why it stopped or failed, null otherwise
 * @param release what is live through it, null before
 * @param unfinished what follows from it and is not done
 */
public record RollbackView(
    String id,
    String model,
    CourseView.State state,
    String says,
    @Nullable String next,
    @Nullable String workspace,
    @Nullable String registered,
    @Nullable String reason,
    String startedBy,
    Instant started,
    @Nullable Instant ended,
    @Nullable RollbackPlan plan,
    List<StepView> steps,
    Asked asked,
    List<String> notices,
    @Nullable Problem problem,
    @Nullable Release release,
    List<Unfinished> unfinished)
    implements CourseShown {

  /** Notices that a view holds. */
  private static final int NOTICE = 1_000;

  public RollbackView {
    says = Bounded.line(says, Bounded.COMMENT);
    startedBy = Bounded.line(startedBy, Bounded.PERSON);
    steps = List.copyOf(steps);
    notices = notices.stream().map(notice -> Bounded.line(notice, NOTICE)).toList();
    unfinished = List.copyOf(unfinished);
  }

  /**
   * Who was asked for approval, and the answers.
   *
   * @param open name of the open request, null when none is open
   * @param requests closed and open requests, in order; empty where nobody has to approve
   * @param decisions what counted
   * @param refused messages that did not count, newest last
   */
  public record Asked(
      @Nullable String open,
      List<Request> requests,
      List<Decision> decisions,
      List<Refusal> refused) {

    /** Nobody is asked. */
    public static final Asked NOBODY = new Asked(null, List.of(), List.of(), List.of());

    public Asked {
      requests = List.copyOf(requests);
      decisions = List.copyOf(decisions);
      refused = List.copyOf(refused);
    }

    /** The last request, null when there was none. */
    public @Nullable Request last() {
      return requests.isEmpty() ? null : requests.getLast();
    }

    /** The open request, null when none is open. */
    public @Nullable Request request() {
      return requests.stream()
          .filter(request -> request.name().equals(open))
          .findFirst()
          .orElse(null);
    }
  }

  /** One to be filled in: of these, none may be missing. */
  public static Builder of(
      String id,
      String model,
      CourseView.State state,
      String says,
      String startedBy,
      Instant started) {
    return new Builder(id, model, state, says, startedBy, started);
  }

  /** One of which the course is known. */
  static Builder of(CourseView course, String model, String startedBy) {
    return of(course.id(), model, course.state(), course.says(), startedBy, course.started())
        .next(course.next())
        .ended(course.ended())
        .steps(course.steps())
        .notices(course.told().notices())
        .problem(course.problem());
  }

  /** The same rollback after someone finished something: what is still unfinished. */
  public RollbackView leaving(List<Unfinished> still) {
    return of(id, model, state, says, startedBy, started)
        .next(still.isEmpty() ? null : next)
        .where(workspace, registered)
        .reason(reason)
        .ended(ended)
        .plan(plan)
        .steps(steps)
        .asked(asked)
        .notices(notices)
        .problem(problem)
        .release(release)
        .unfinished(still)
        .build();
  }

  /** Whether a cancel is not heard any more: everything is being restored, or is. */
  @Override
  public boolean pastNoReturn() {
    return release != null;
  }

  /** Fills in the components by name; what is not named is null or empty. */
  public static final class Builder {
    private final String id;
    private final String model;
    private final CourseView.State state;
    private final String says;
    private @Nullable String next;
    private @Nullable String workspace;
    private @Nullable String registered;
    private @Nullable String reason;
    private final String startedBy;
    private final Instant started;
    private @Nullable Instant ended;
    private @Nullable RollbackPlan plan;
    private List<StepView> steps = List.of();
    private Asked asked = Asked.NOBODY;
    private List<String> notices = List.of();
    private @Nullable Problem problem;
    private @Nullable Release release;
    private List<Unfinished> unfinished = List.of();

    private Builder(
        String id,
        String model,
        CourseView.State state,
        String says,
        String startedBy,
        Instant started) {
      this.id = id;
      this.model = model;
      this.state = state;
      this.says = says;
      this.startedBy = startedBy;
      this.started = started;
    }

    /** The command that carries it on, null when nobody has to act. */
    public Builder next(@Nullable String command) {
      this.next = command;
      return this;
    }

    /** Workspace, and full name of the registered model there. */
    public Builder where(@Nullable String workspace, @Nullable String registered) {
      this.workspace = workspace;
      this.registered = registered;
      return this;
    }

    /** Why, as its starter said. */
    public Builder reason(@Nullable String why) {
      this.reason = why;
      return this;
    }

    /** When it ended, null while it runs. */
    public Builder ended(@Nullable Instant at) {
      this.ended = at;
      return this;
    }

    /** What it changes, null before it has looked. */
    public Builder plan(@Nullable RollbackPlan plan) {
      this.plan = plan;
      return this;
    }

    /** Every step so far and to come, in order. */
    public Builder steps(List<StepView> steps) {
      this.steps = steps;
      return this;
    }

    /** The request for approval, and what became of it. */
    public Builder asked(Asked asked) {
      this.asked = asked;
      return this;
    }

    /** What people should know. */
    public Builder notices(List<String> notices) {
      this.notices = notices;
      return this;
    }

    /** Why it stopped or failed, null otherwise. */
    public Builder problem(@Nullable Problem problem) {
      this.problem = problem;
      return this;
    }

    /** What is live through it, null before. */
    public Builder release(@Nullable Release release) {
      this.release = release;
      return this;
    }

    /** What follows from it and is not done. */
    public Builder unfinished(List<Unfinished> unfinished) {
      this.unfinished = unfinished;
      return this;
    }

    /** What was filled in. */
    public RollbackView build() {
      return new RollbackView(
          id,
          model,
          state,
          says,
          next,
          workspace,
          registered,
          reason,
          startedBy,
          started,
          ended,
          plan,
          steps,
          asked,
          notices,
          problem,
          release,
          unfinished);
    }
  }
}
