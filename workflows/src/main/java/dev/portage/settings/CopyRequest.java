package dev.portage.settings;

import dev.portage.copy.Verify;
import org.jspecify.annotations.Nullable;

/**
 * A request to copy a model between two workspaces, as typed.
 *
 * @param model its full name in the first workspace, or what {@code {model}} stands for
 * @param from name of the workspace that holds it
 * @param to name of the target workspace
 * @param verify as requested, null for what the platform says
 */
public record CopyRequest(String model, String from, String to, @Nullable Verify verify) {}
