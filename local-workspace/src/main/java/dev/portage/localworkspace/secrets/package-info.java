/** Secret scopes, and what clusters get of them. */
@NullMarked
package dev.portage.localworkspace.secrets;

import org.jspecify.annotations.NullMarked;
