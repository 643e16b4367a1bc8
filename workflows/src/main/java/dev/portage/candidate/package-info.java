/** The exact thing being promoted, and the files it consists of. */
@NullMarked
package dev.portage.candidate;

import org.jspecify.annotations.NullMarked;
