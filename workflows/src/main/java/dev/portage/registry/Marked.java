package dev.portage.registry;

import org.jspecify.annotations.Nullable;

/**
 * The result of setting a mark.
 *
 * @param mark alias or stage
 * @param version version that holds it now
 * @param previous version that held it before, null when none did; the same version when nothing
 *     had to be done
 */
public record Marked(String mark, String version, @Nullable String previous) {}
