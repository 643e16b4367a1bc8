package dev.portage.serving;

import dev.portage.candidate.ModelLocation;
import io.temporal.activity.ActivityInterface;

/** Reads what a model can be tested with. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface ExampleActivities {

  /** Whether a model has a signature and an input example. */
  Testable testable(ModelLocation model);
}
