/** Delta tables of a workspace, read by SQL rather than trusting the notebook that wrote them. */
@NullMarked
package dev.portage.delta;

import org.jspecify.annotations.NullMarked;
