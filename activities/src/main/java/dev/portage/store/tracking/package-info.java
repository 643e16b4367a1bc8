/**
 * Artifacts as a tracking server presents them: served by itself, through URLs that it signs, or in
 * the store of a Databricks workspace. The scheme of its artifact URIs selects the kind of store,
 * each one line in {@link dev.portage.store.tracking.ArtifactStores}.
 */
@NullMarked
package dev.portage.store.tracking;

import org.jspecify.annotations.NullMarked;
