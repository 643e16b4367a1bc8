package dev.portage.job;

import org.jspecify.annotations.Nullable;

/**
 * Order to remove all but one of the jobs that a promotion created under one name.
 *
 * @param workspace where it lives
 * @param name its name
 * @param model registered model that its tag names
 * @param promotion id of the promotion
 * @param key key of the change
 * @param jobId the job that counts, also when it is deleted by now; null when the change was never
 *     answered: then none counts, and what the change created goes
 * @param undoUri where the settings before are kept, null without
 */
public record JobDuplicates(
    String workspace,
    String name,
    String model,
    String promotion,
    String key,
    @Nullable Long jobId,
    @Nullable String undoUri) {}
