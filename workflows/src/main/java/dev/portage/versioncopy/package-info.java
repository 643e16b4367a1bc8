/** The copy of one registered version by itself, without a promotion around it. */
@NullMarked
package dev.portage.versioncopy;

import org.jspecify.annotations.NullMarked;
