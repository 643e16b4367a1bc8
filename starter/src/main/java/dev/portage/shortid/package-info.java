/** Which promotion somebody means by a short id, or by none. */
@NullMarked
package dev.portage.shortid;

import org.jspecify.annotations.NullMarked;
