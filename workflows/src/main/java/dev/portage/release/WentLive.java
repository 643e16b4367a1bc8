package dev.portage.release;

import java.time.Instant;

/**
 * When readers saw the new version in one place. No switch over several places is atomic, so a
 * release says in which order it was.
 *
 * @param thing name of the live thing, such as "serve"
 * @param at when its change had ended: from then on readers saw the new version alone
 */
public record WentLive(String thing, Instant at) {}
