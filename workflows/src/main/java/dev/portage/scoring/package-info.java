/** Batch scoring in a target workspace and the check of its predictions. */
@NullMarked
package dev.portage.scoring;

import org.jspecify.annotations.NullMarked;
