/** Freezes: times in which nothing goes live in a workspace, except by rollback or break-glass. */
@NullMarked
package dev.portage.freeze;

import org.jspecify.annotations.NullMarked;
