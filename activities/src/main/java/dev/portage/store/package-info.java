/**
 * Where the files of models lie, and how they are reached. What a store can do is found out by
 * asking it; a kind of store is told by the scheme of its artifact URIs and is one line in {@link
 * dev.portage.store.ArtifactStores}. Nothing here knows what is copied, or why.
 */
@NullMarked
package dev.portage.store;

import org.jspecify.annotations.NullMarked;
