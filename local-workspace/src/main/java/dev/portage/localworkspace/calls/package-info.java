/** The single entry point of every API call: login, rights, faults, the call log. */
@NullMarked
package dev.portage.localworkspace.calls;

import org.jspecify.annotations.NullMarked;
