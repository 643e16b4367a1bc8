/** Failures on request, so that a client can be tried against a bad day. */
@NullMarked
package dev.portage.localworkspace.faults;

import org.jspecify.annotations.NullMarked;
