/** Failures on request, so that clients can be tested under bad conditions. */
@NullMarked
package dev.portage.localworkspace.faults;

import org.jspecify.annotations.NullMarked;
