/** One way in for every API call: login, rights, faults, the record of what was called. */
@NullMarked
package dev.portage.localworkspace.calls;

import org.jspecify.annotations.NullMarked;
