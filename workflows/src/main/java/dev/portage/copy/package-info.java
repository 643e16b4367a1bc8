/** The contract for copying a candidate's bytes from one workspace to another. */
@NullMarked
package dev.portage.copy;

import org.jspecify.annotations.NullMarked;
