/** Twins: what was made twice, since a call whose answer never came had its effect after all. */
@NullMarked
package dev.portage.duplicates;

import org.jspecify.annotations.NullMarked;
