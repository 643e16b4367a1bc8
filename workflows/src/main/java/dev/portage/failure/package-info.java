/** What can go wrong, in four kinds, and how it is reported. */
@NullMarked
package dev.portage.failure;

import org.jspecify.annotations.NullMarked;
