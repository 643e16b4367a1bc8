/**
 * Artifacts as a tracking server tells of them: served by itself, behind addresses that it signs,
 * or in the store of a Databricks workspace. A kind of store is told by the scheme of its artifact
 * URIs and is one line in {@link dev.portage.store.tracking.ArtifactStores}.
 */
@NullMarked
package dev.portage.store.tracking;

import org.jspecify.annotations.NullMarked;
