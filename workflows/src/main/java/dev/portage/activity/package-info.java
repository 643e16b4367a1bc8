/**
 * How workflows call activities: timeouts, retries, what a cancel does to each kind of call, and
 * the task queues for long work.
 */
@NullMarked
package dev.portage.activity;

import org.jspecify.annotations.NullMarked;
