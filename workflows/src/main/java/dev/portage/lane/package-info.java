/** The turn: who may change what is live, one promotion at a time. */
@NullMarked
package dev.portage.lane;

import org.jspecify.annotations.NullMarked;
