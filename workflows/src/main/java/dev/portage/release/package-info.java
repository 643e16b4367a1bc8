/** The record of what a promotion made live. */
@NullMarked
package dev.portage.release;

import org.jspecify.annotations.NullMarked;
