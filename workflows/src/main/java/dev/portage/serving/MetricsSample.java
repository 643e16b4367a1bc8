package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint's metrics say about the last minute. A number that is missing is null, never 0:
 * the workspace may not report it.
 *
 * @param requests how many requests came in the last minute
 * @param failed how many of them the model could not answer (5xx)
 * @param refused how many of them it refused (4xx): as a rule the callers' fault, so only shown
 * @param slow milliseconds within which 95 % of them were answered
 * @param ofVersion true if these are the version's own numbers, false if the whole endpoint's
 * @param absent why there are no numbers, or which are missing; null if none is
 */
public record MetricsSample(
    @Nullable Double requests,
    @Nullable Double failed,
    @Nullable Double refused,
    @Nullable Double slow,
    Boolean ofVersion,
    @Nullable String absent) {}
