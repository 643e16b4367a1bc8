package dev.portage.hello;

import java.time.Instant;

/**
 * What came back of a greeting.
 *
 * @param id workflow id
 * @param by who said hello
 * @param says one line
 * @param at when a worker answered
 */
public record HelloView(String id, String by, String says, Instant at) {}
