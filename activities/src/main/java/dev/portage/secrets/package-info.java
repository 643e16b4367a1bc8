/** Secrets behind references in the platform file, read at each use. */
@NullMarked
package dev.portage.secrets;

import org.jspecify.annotations.NullMarked;
