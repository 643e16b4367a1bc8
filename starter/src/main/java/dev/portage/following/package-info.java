/** Looking at a promotion: what it says of itself, and what happens meanwhile. */
@NullMarked
package dev.portage.following;

import org.jspecify.annotations.NullMarked;
