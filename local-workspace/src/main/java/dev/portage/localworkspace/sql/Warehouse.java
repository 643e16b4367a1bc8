package dev.portage.localworkspace.sql;

/**
 * A SQL warehouse.
 *
 * @param name its name
 * @param id its id
 */
public record Warehouse(String name, String id) {}
