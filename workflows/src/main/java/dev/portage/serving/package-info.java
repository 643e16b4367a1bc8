/** Serving endpoints: what is served there, how that changes, and how a version is tested. */
@NullMarked
package dev.portage.serving;

import org.jspecify.annotations.NullMarked;
