/** What can go wrong, in four kinds, and how it is told. */
@NullMarked
package dev.portage.failure;

import org.jspecify.annotations.NullMarked;
