package dev.portage.promotion;

import dev.portage.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps of a promotion, as people see them: those done, the one running and those to come. */
final class StepViews {

  private final Map<String, StepView> steps = new LinkedHashMap<>();

  StepViews() {}

  /** As another run of the workflow left them. */
  StepViews(List<StepView> before) {
    before.forEach(view -> steps.put(view.name(), view));
  }

  /** Every step so far and to come, in order. */
  List<StepView> all() {
    return List.copyOf(steps.values());
  }

  /** Lists the steps to come, so that people see the whole way from the beginning. */
  void toCome(Settings settings) {
    for (String name : StepNames.of(settings)) {
      steps.putIfAbsent(
          name, new StepView(name, StepView.State.PENDING, 1, null, null, null, null));
    }
  }

  void begin(String step, int attempt) {
    StepView before = steps.get(step);
    Instant first =
        before == null || before.started() == null ? PromotionProgress.now() : before.started();
    steps.put(step, new StepView(step, StepView.State.RUNNING, attempt, first, null, null, null));
  }

  void skipped(String step, String why) {
    steps.put(step, new StepView(step, StepView.State.SKIPPED, 1, null, null, why, null));
  }

  /** Of a workspace, those that failed are not needed any more. */
  void failedOnesAreNotNeeded(String workspace) {
    all().stream()
        .filter(view -> view.state() == StepView.State.FAILED)
        .filter(view -> view.name().startsWith(workspace + "/"))
        .forEach(view -> skipped(view.name(), "not needed: it was already live"));
  }

  /**
   * Notes how a step ended.
   *
   * @return how long it took; null for one that had not begun, which is left as it is
   */
  @Nullable Duration end(String step, StepView.State how, String made, @Nullable URI page) {
    StepView view = steps.get(step);
    if (view == null || view.started() == null) {
      return null;
    }
    Instant end = PromotionProgress.now();
    steps.put(step, new StepView(step, how, view.attempt(), view.started(), end, made, page));
    return Duration.between(view.started(), end);
  }
}
