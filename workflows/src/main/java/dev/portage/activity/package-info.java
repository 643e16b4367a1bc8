/**
 * How workflows call activities: time limits, retries, what a cancel does to each sort, and the
 * task queues of what takes long.
 */
@NullMarked
package dev.portage.activity;

import org.jspecify.annotations.NullMarked;
