/** Checks out the exact commit that a run needs. */
@NullMarked
package dev.portage.localworkspace.git;

import org.jspecify.annotations.NullMarked;
