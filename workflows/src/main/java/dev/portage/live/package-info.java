/**
 * What is live in a workspace: an ordered list of things that a hop changes and a rollback
 * restores.
 */
@NullMarked
package dev.portage.live;

import org.jspecify.annotations.NullMarked;
