package dev.portage.live;

/**
 * Full settings of a live thing, kept as an artifact: too large for histories, and needed to
 * restore it.
 *
 * @param uri artifact that holds them as JSON
 * @param sha256 SHA-256 of the artifact's bytes, 64 hexadecimal digits
 */
public record SettingsRef(String uri, String sha256) {}
