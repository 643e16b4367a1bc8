/** Sending a person's decision, so that it counts once whichever way it arrives. */
@NullMarked
package dev.portage.decision;

import org.jspecify.annotations.NullMarked;
