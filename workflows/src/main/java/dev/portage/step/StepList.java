package dev.portage.step;

import dev.portage.failure.Problem;
import io.temporal.workflow.Workflow;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a workflow as people see them: those done, the one running and how far it has come,
 * and those to come.
 */
public final class StepList {

  private final StepWatcher watcher;
  private final Map<String, StepView> steps = new LinkedHashMap<>();
  private @Nullable String current;

  /**
   * An empty one, or as another run of the workflow left it.
   *
   * @param watcher is told of each change
   * @param before null in a first run
   */
  public StepList(StepWatcher watcher, @Nullable StepsState before) {
    this.watcher = watcher;
    if (before != null) {
      before.list().forEach(view -> steps.put(view.name(), view));
      current = before.current();
    }
  }

  /** Every step so far and to come, in order. */
  public List<StepView> all() {
    return List.copyOf(steps.values());
  }

  /** The step that began last, null before the first. */
  public @Nullable String current() {
    return current;
  }

  /** Lists the steps to come, so that people see the whole way from the beginning. */
  public void toCome(List<String> names) {
    names.forEach(name -> steps.putIfAbsent(name, StepView.toCome(name)));
    watcher.changed();
  }

  /**
   * A step begins. A later attempt counts from the beginning of the first.
   *
   * @param attempt its business attempt
   */
  public void begin(String step, int attempt) {
    StepView before = steps.get(step);
    Instant first = before == null || before.started() == null ? now() : before.started();
    steps.put(
        step, new StepView(step, StepView.State.RUNNING, attempt, first, null, null, null, null));
    current = step;
    watcher.running(step);
  }

  /** A step that failed is about to be repeated. */
  void resumes(String step) {
    watcher.running(step);
  }

  /** A running step has come further; of any other nothing is noted. */
  public void says(String step, StepProgress progress) {
    StepView view = steps.get(step);
    if (view != null && view.state() == StepView.State.RUNNING) {
      steps.put(
          step,
          new StepView(
              step,
              view.state(),
              view.attempt(),
              view.started(),
              null,
              view.result(),
              view.page(),
              progress));
      watcher.running(step + ": " + progress.says());
    }
  }

  /**
   * A step is done.
   *
   * @param made what it made, one line
   * @param page where that can be seen, null when nowhere
   */
  public void done(String step, String made, @Nullable URI page) {
    end(step, StepView.State.DONE, made, page);
  }

  /** A step failed. */
  public void failed(String step, Problem what) {
    end(step, StepView.State.FAILED, what.cameBack(), what.page());
  }

  /** A step is left out. */
  public void skipped(String step, String why) {
    skip(step, why);
    watcher.changed();
  }

  /** Steps that failed are not needed any more. */
  public void failedOnesAreNotNeeded(Predicate<String> which, String why) {
    all().stream()
        .filter(view -> view.state() == StepView.State.FAILED && which.test(view.name()))
        .forEach(view -> skip(view.name(), why));
    watcher.changed();
  }

  private void skip(String step, String why) {
    steps.put(step, new StepView(step, StepView.State.SKIPPED, 1, null, null, why, null, null));
  }

  /** One that had not begun is left as it is. */
  private void end(String step, StepView.State how, String made, @Nullable URI page) {
    StepView view = steps.get(step);
    if (view == null || view.started() == null) {
      return;
    }
    Instant end = now();
    StepProgress reached = how == StepView.State.FAILED ? view.progress() : null;
    steps.put(
        step, new StepView(step, how, view.attempt(), view.started(), end, made, page, reached));
    watcher.ended(step, how, Duration.between(view.started(), end));
    watcher.changed();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
