/** Texts from outside: bounded, with every character visible. */
@NullMarked
package dev.portage.text;

import org.jspecify.annotations.NullMarked;
