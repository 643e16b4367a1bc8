/** Who is calling, and what that caller may do. */
@NullMarked
package dev.portage.localworkspace.rights;

import org.jspecify.annotations.NullMarked;
