/** Which names are the same person, and who had a hand in a change. */
@NullMarked
package dev.portage.identity;

import org.jspecify.annotations.NullMarked;
