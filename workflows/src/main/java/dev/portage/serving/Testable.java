package dev.portage.serving;

/**
 * What a logged model has that it can be tested by.
 *
 * @param signature whether it has a signature
 * @param example whether it has an input example that an endpoint takes
 */
public record Testable(Boolean signature, Boolean example) {}
