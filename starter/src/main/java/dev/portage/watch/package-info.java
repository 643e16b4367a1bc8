/** Looking at a promotion: what it says of itself, and what happens meanwhile. */
@NullMarked
package dev.portage.watch;

import org.jspecify.annotations.NullMarked;
