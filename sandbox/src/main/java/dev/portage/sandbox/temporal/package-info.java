/** A real Temporal server where one can be had, else the one in this JVM. */
@NullMarked
package dev.portage.sandbox.temporal;

import org.jspecify.annotations.NullMarked;
