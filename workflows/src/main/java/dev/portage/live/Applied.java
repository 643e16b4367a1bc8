package dev.portage.live;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The result of changing a live thing.
 *
 * @param change what became of it
 * @param text a few words for people
 * @param page where they see more, null where there is none
 */
public record Applied(LiveChange change, String text, @Nullable URI page) {}
