package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * Order to remove all but one of the places where what an endpoint serves was stored under one key.
 *
 * @param workspace where
 * @param endpoint whose
 * @param key what it was stored under, or the place again: then the key is read there
 * @param uri the place that counts; null when it is not known
 */
public record EndpointCopies(String workspace, String endpoint, String key, @Nullable String uri) {}
