/** Temporal itself: where it is, how it is reached, and whether workers poll a task queue. */
@NullMarked
package dev.portage.temporal;

import org.jspecify.annotations.NullMarked;
