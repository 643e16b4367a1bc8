/** A real Temporal server if one is available, otherwise one in this JVM. */
@NullMarked
package dev.portage.sandbox.temporal;

import org.jspecify.annotations.NullMarked;
