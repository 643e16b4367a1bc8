package dev.portage.settings;

import dev.portage.copy.Verify;
import org.jspecify.annotations.Nullable;

/**
 * A model and two workspaces, as somebody typed them.
 *
 * @param model its full name in the first workspace, or what {@code {model}} stands for
 * @param from name of the workspace that holds it
 * @param to name of the workspace that shall
 * @param verify as asked for, null for what the platform says
 */
public record CopyRequest(String model, String from, String to, @Nullable Verify verify) {}
