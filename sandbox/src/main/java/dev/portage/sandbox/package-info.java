/** The commands {@code portage sandbox} and {@code portage demo}. */
@NullMarked
package dev.portage.sandbox;

import org.jspecify.annotations.NullMarked;
