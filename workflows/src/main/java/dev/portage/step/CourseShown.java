package dev.portage.step;

import dev.portage.failure.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every view of a workflow that consists of steps says: a rollback's, an adoption's. */
public interface CourseShown {

  /** Workflow id. */
  String id();

  /** Its state. */
  CourseView.State state();

  /** One line: what it does, or its result. */
  String says();

  /** The command that carries it on, null when nobody has to act. */
  @Nullable String next();

  /** Every step so far and to come, in order. */
  List<StepView> steps();

  /** What people should know, in order. */
  List<String> notices();

  /** Why it stopped or failed, null otherwise. */
  @Nullable Problem problem();

  /** Whether what it is for is done, and only what follows from it may be left. */
  boolean pastNoReturn();
}
