/**
 * Copies a model's files between workspaces: reads them once, compares them with the manifest on
 * the way, and reads them back from the target. The scheme of the artifact URI says where files
 * are; a kind of store is one class and one line in {@link
 * dev.portage.store.tracking.ArtifactStores}.
 */
@NullMarked
package dev.portage.transfer;

import org.jspecify.annotations.NullMarked;
