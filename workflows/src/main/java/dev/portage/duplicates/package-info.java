/**
 * Duplicates: things that a call created a second time although its response was lost, and their
 * removal.
 */
@NullMarked
package dev.portage.duplicates;

import org.jspecify.annotations.NullMarked;
