package dev.portage.settings;

/**
 * One value that is in force, and where it came from.
 *
 * @param name as "batch.table"
 * @param value as text
 * @param origin "promotion.yaml:9", "portage.yaml:4" or "default"
 */
public record EffectiveValue(String name, String value, String origin) {}
