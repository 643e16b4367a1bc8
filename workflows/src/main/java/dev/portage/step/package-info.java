/**
 * What runs steps, for every workflow that consists of them: attempts and their keys, the record of
 * results, stop and resume, progress, and continuing in another run. Its guarantees are written at
 * {@link dev.portage.step.StepRunner}; what a step owes in return, at {@link
 * dev.portage.step.StepWork}.
 */
@NullMarked
package dev.portage.step;

import org.jspecify.annotations.NullMarked;
