/** Placeholder. */
@NullMarked
package dev.portage.sandbox;

import org.jspecify.annotations.NullMarked;
