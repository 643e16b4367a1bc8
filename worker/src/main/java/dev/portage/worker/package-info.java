/** Placeholder. */
@NullMarked
package dev.portage.worker;

import org.jspecify.annotations.NullMarked;
