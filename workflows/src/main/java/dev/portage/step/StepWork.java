package dev.portage.step;

import dev.portage.failure.Problem;
import io.temporal.failure.TemporalFailure;

/**
 * What a step does. {@link StepRunner} runs it, at least once and possibly more often, so it owes
 * this:
 *
 * <ul>
 *   <li>Whatever it creates elsewhere carries {@link Attempt#key()}. Run again with the same key it
 *       finds what is there, instead of creating it a second time.
 *   <li>It keeps nothing in fields that a later run of the workflow would need: what it must not
 *       forget is a result, a {@linkplain Attempt#stage stage}, or kept in the {@link Journal}.
 *   <li>It is workflow code: no clock, no chance, no I/O but through activities.
 *   <li>It holds no turn when it is run as {@linkplain StepRunner#resumable resumable}: after a
 *       failure a person is awaited, for days if need be.
 * </ul>
 *
 * @param <T> what later steps need of it: a payload, not null
 */
@FunctionalInterface
public interface StepWork<T> {

  /**
   * Does it.
   *
   * @throws StepFailure when it knows why it failed, and whether only another attempt can succeed
   * @throws TemporalFailure when an activity failed; the runner makes a {@link Problem} of it. The
   *     attempt then keeps its key, since the remote side may still be at work
   */
  Made<T> run(Attempt attempt);
}
