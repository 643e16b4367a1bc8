package dev.portage.copy;

/**
 * What a copy would carry.
 *
 * @param files number of files
 * @param bytes their size together, as far as the source says
 * @param source how the source would be read
 */
public record CopyPreview(long files, long bytes, ReadCapabilities source) {}
