package dev.portage.serving;

/**
 * What a model says of itself by which it can be tested.
 *
 * @param signature whether it has one
 * @param example whether it has an input example that an endpoint takes
 */
public record Testable(Boolean signature, Boolean example) {}
