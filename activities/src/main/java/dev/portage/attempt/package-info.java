/**
 * What an activity knows of its own attempts, and of effects that an earlier one may still have.
 */
@NullMarked
package dev.portage.attempt;

import org.jspecify.annotations.NullMarked;
