/**
 * What pages say and how it is shown; texts from outside: bounded, with every character visible.
 */
@NullMarked
package dev.portage.text;

import org.jspecify.annotations.NullMarked;
