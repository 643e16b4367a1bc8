/** Starting a promotion, or finding the existing one for a commit. */
@NullMarked
package dev.portage.start;

import org.jspecify.annotations.NullMarked;
