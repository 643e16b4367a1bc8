/** Texts from outside: bounded, and shown as what they are. */
@NullMarked
package dev.portage.text;

import org.jspecify.annotations.NullMarked;
