package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * Order to remove all copies but one of what an endpoint serves, which were stored under one key.
 *
 * @param workspace where
 * @param endpoint its name
 * @param key the key, or the URI of one copy, which then says what the key is
 * @param uri the copy that stays; null if unknown: then only incomplete copies are removed, and one
 *     stays
 */
public record EndpointCopies(String workspace, String endpoint, String key, @Nullable String uri) {}
