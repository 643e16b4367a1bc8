/** What is checked before a promotion may start; it changes nothing. */
@NullMarked
package dev.portage.preflight;

import org.jspecify.annotations.NullMarked;
