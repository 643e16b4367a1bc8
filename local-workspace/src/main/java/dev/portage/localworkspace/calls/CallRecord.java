package dev.portage.localworkspace.calls;

import java.time.Instant;

/**
 * One call that arrived. Never contains a body, a query or a token.
 *
 * @param at when it came
 * @param method the HTTP method
 * @param path the path, without query
 * @param user the user behind the token; {@code -} where there was none
 * @param status the status answered; 0 where the connection was broken before it was handled
 * @param answered false where the caller never saw the answer
 */
public record CallRecord(
    Instant at, String method, String path, String user, int status, boolean answered) {}
