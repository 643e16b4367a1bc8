package dev.portage.underway;

/**
 * A promotion is under way no more.
 *
 * @param promotion its workflow id
 * @param released whether its candidate is live in the last workspace
 */
public record Left(String promotion, Boolean released) {}
