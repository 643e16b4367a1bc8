/**
 * Carrying a model's files between workspaces: read once, compared with the manifest on the way,
 * read back from the target. Where files lie is told by the scheme of their artifact URI; a kind of
 * store is one class and one line in {@link dev.portage.store.tracking.ArtifactStores}.
 */
@NullMarked
package dev.portage.transfer;

import org.jspecify.annotations.NullMarked;
