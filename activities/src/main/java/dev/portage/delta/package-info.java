/** Delta tables of a workspace, read by SQL: never by the word of the notebook that wrote them. */
@NullMarked
package dev.portage.delta;

import org.jspecify.annotations.NullMarked;
