/**
 * What an activity knows about its own attempts, and about effects that an earlier one may still
 * have.
 */
@NullMarked
package dev.portage.attempt;

import org.jspecify.annotations.NullMarked;
