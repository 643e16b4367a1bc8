/** Placeholder. */
@NullMarked
package dev.portage.promotion;

import org.jspecify.annotations.NullMarked;
