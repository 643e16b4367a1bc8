/** Talks to lanes as a client of Temporal. */
@NullMarked
package dev.portage.turns;

import org.jspecify.annotations.NullMarked;
