package dev.portage.step;

import dev.portage.failure.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a view says that keeps its whole course: an adoption's, a watch's. */
public interface CourseKept extends CourseShown {

  /** Its steps, and what people should know. */
  CourseView course();

  @Override
  default List<StepView> steps() {
    return course().steps();
  }

  @Override
  default List<String> notices() {
    return course().told().notices();
  }

  @Override
  default @Nullable Problem problem() {
    return course().problem();
  }
}
