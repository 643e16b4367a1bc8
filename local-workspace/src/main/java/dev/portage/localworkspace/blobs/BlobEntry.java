package dev.portage.localworkspace.blobs;

/**
 * An entry of a directory.
 *
 * @param name without the directory
 * @param directory whether it is one itself
 * @param size in bytes; 0 for a directory
 */
public record BlobEntry(String name, boolean directory, long size) {}
