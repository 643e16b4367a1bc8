/**
 * The kinds of workspaces: what each can do and which activities do it. A further kind is one class
 * here and one line in {@link dev.portage.kind.KnownKinds}.
 */
@NullMarked
package dev.portage.kind;

import org.jspecify.annotations.NullMarked;
