/** What starts elsewhere when a model changes: jobs with a trigger, deployment jobs, webhooks. */
@NullMarked
package dev.portage.trigger;

import org.jspecify.annotations.NullMarked;
