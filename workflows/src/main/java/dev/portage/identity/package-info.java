/** Who is the same person as whom, and who had a hand in a change. */
@NullMarked
package dev.portage.identity;

import org.jspecify.annotations.NullMarked;
