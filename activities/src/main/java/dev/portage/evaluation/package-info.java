/** Verdicts of the gates, computed once and recorded. */
@NullMarked
package dev.portage.evaluation;

import org.jspecify.annotations.NullMarked;
