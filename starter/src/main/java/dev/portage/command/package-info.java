/** Placeholder. */
@NullMarked
package dev.portage.command;

import org.jspecify.annotations.NullMarked;
