/** What git knows about the folder that a promotion starts from. */
@NullMarked
package dev.portage.checkout;

import org.jspecify.annotations.NullMarked;
