/** How workflows call activities: time limits, retries, and what a cancel does to each sort. */
@NullMarked
package dev.portage.activity;

import org.jspecify.annotations.NullMarked;
