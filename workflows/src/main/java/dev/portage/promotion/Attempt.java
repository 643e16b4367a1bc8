package dev.portage.promotion;

/**
 * One business attempt of a step.
 *
 * @param key what its effects are found by: workflow id, step and attempt, never the activity's
 *     attempt
 * @param number from 1
 */
record Attempt(String key, int number) {}
