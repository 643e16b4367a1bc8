package dev.portage.registry;

/**
 * The result of taking a mark back.
 *
 * @param taken whether it is the version's no more; false where it was not the version's by then
 * @param now what the version has instead, in words, such as "stage None"
 */
public record Unmarked(Boolean taken, String now) {}
