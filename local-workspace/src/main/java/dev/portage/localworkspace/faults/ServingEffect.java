package dev.portage.localworkspace.faults;

import java.time.Duration;

/** What goes wrong with a served version of a model. */
public sealed interface ServingEffect {

  /** The image can't be built. */
  record BuildFails() implements ServingEffect {}

  /** The process is killed while it loads the model, as the kernel does for want of memory. */
  record OutOfMemory() implements ServingEffect {}

  /** The model loads, but the server never answers. */
  record NeverReady() implements ServingEffect {}

  /** Answers take longer, by so much. */
  record SlowAnswers(Duration delay) implements ServingEffect {}

  /** Answers have the right form and other values. */
  record WrongAnswers() implements ServingEffect {}

  /** The model's code fails: 500. */
  record FailingAnswers() implements ServingEffect {}

  /** The answer is 200, and its body is an error. */
  record ErrorsAsAnswers() implements ServingEffect {}

  /** The process that serves it dies, and does not come back while the fault is there. */
  record Gone() implements ServingEffect {}
}
