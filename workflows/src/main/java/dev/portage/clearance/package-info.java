/** Whether a candidate may go live in a workspace now: quarantine and freezes. */
@NullMarked
package dev.portage.clearance;

import org.jspecify.annotations.NullMarked;
