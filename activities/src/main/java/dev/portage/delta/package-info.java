/** Delta tables of a workspace, read and published by SQL rather than trusting a notebook. */
@NullMarked
package dev.portage.delta;

import org.jspecify.annotations.NullMarked;
