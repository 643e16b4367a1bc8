/**
 * Temporal itself: where it is, how it is reached, whether workers poll a task queue; and what ours
 * is called and looks like there: queues, search attributes, memos, payloads, ids of changes.
 */
@NullMarked
package dev.portage.temporal;

import org.jspecify.annotations.NullMarked;
