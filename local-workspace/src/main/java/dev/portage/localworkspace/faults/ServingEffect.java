package dev.portage.localworkspace.faults;

import java.time.Duration;

/** What goes wrong with a served version of a model. */
public sealed interface ServingEffect {

  /** Something that goes wrong with a start. */
  sealed interface OfStart extends ServingEffect {}

  /** Something that goes wrong with answers. */
  sealed interface OfAnswers extends ServingEffect {}

  /** The image can't be built. */
  record BuildFails() implements OfStart {}

  /** The process is killed while it loads the model, as the kernel does for want of memory. */
  record OutOfMemory() implements OfStart {}

  /** The model loads, but the server never answers. */
  record NeverReady() implements OfStart {}

  /** Answers take longer, by so much. */
  record SlowAnswers(Duration delay) implements OfAnswers {}

  /** Answers have the right form and other values. */
  record WrongAnswers() implements OfAnswers {}

  /** The model's code fails: 500. */
  record FailingAnswers() implements OfAnswers {}

  /** The answer is 200, and its body is an error. */
  record ErrorsAsAnswers() implements OfAnswers {}

  /** The process that serves it dies, and does not come back while the fault is there. */
  record Gone() implements ServingEffect {}
}
