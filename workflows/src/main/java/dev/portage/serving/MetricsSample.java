package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint's metrics say about its last minute. What is absent is null, never 0: too few
 * requests, or a metric that the workspace does not report.
 *
 * @param requests of the last minute
 * @param failed those of them that the model could not answer (5xx)
 * @param refused those that it refused (4xx): the callers' fault as a rule, so it is only shown
 * @param slow milliseconds within which 95 % were answered
 * @param ofVersion whether these are the version's own; else the whole endpoint's
 * @param absent why there are none, or which are missing; null where all are there
 */
public record MetricsSample(
    @Nullable Double requests,
    @Nullable Double failed,
    @Nullable Double refused,
    @Nullable Double slow,
    Boolean ofVersion,
    @Nullable String absent) {}
