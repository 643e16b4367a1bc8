/** What every call has in common: the form of a request body, and the form of a refusal. */
@NullMarked
package dev.portage.localworkspace.protocol;

import org.jspecify.annotations.NullMarked;
