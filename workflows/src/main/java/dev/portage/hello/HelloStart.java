package dev.portage.hello;

import org.jspecify.annotations.Nullable;

/**
 * A greeting.
 *
 * @param by who says hello
 * @param from where from, as "Azure DevOps build 4711"; null for a terminal
 */
public record HelloStart(String by, @Nullable String from) {}
