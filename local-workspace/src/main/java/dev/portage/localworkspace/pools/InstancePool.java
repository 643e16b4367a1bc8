package dev.portage.localworkspace.pools;

/**
 * An instance pool.
 *
 * @param name its name, unique in the workspace
 * @param id its id
 * @param nodeType the kind of machine in it
 */
public record InstancePool(String name, String id, String nodeType) {}
