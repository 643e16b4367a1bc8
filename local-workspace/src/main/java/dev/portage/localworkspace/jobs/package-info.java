/** The Jobs API: jobs, their runs, and the states a run goes through. */
@NullMarked
package dev.portage.localworkspace.jobs;

import org.jspecify.annotations.NullMarked;
