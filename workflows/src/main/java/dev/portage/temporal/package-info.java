/**
 * Temporal itself: where it is, how to reach it, whether workers poll a task queue; and our names
 * there: queues, search attributes, memos, payloads, change ids.
 */
@NullMarked
package dev.portage.temporal;

import org.jspecify.annotations.NullMarked;
