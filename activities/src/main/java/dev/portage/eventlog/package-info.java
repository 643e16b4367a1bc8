/** The log of a workspace: entries as runs of an MLflow experiment, and releases from before it. */
@NullMarked
package dev.portage.eventlog;

import org.jspecify.annotations.NullMarked;
