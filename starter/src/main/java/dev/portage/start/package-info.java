/** Starting a promotion, or finding the one that this commit already has. */
@NullMarked
package dev.portage.start;

import org.jspecify.annotations.NullMarked;
