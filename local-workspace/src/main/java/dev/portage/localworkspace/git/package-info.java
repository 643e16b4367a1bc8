/** Checks out the exact commit that a run asks for. */
@NullMarked
package dev.portage.localworkspace.git;

import org.jspecify.annotations.NullMarked;
