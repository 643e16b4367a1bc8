/**
 * Going back: a workflow of its own puts every live thing of a workspace into the state that an
 * earlier release recorded, in one turn.
 */
@NullMarked
package dev.portage.rollback;

import org.jspecify.annotations.NullMarked;
