package dev.portage.copy;

import dev.portage.candidate.ModelLocation;

/**
 * Order to make a manifest of a model's files.
 *
 * @param model where the files are
 * @param promotion for whom
 */
public record ManifestOrder(ModelLocation model, String promotion) {}
