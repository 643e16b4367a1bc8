/** Batch scoring: the table that a run writes, the check of its predictions, their publishing. */
@NullMarked
package dev.portage.scoring;

import org.jspecify.annotations.NullMarked;
