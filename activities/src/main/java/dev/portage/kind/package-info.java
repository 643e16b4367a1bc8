/**
 * The kinds of workspaces: their capabilities and activities. To add one, add a class here and a
 * line in {@link dev.portage.kind.KnownKinds}.
 */
@NullMarked
package dev.portage.kind;

import org.jspecify.annotations.NullMarked;
