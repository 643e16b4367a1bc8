package dev.portage.copy;

/**
 * What a copy would move.
 *
 * @param files number of files
 * @param bytes their total size, as far as the source says
 * @param source how the source would be read
 */
public record CopyPreview(long files, long bytes, ReadCapabilities source) {}
