/** Checks that return pass, fail or inconclusive, and the evidence they leave. */
@NullMarked
package dev.portage.gate;

import org.jspecify.annotations.NullMarked;
