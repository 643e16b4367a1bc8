package dev.portage.job;

/**
 * A query for runs of a scoring job that another promotion started.
 *
 * @param workspace where the job lives
 * @param jobId the job
 * @param promotion id of the promotion that asks, whose own runs are excluded
 */
public record OthersQuery(String workspace, long jobId, String promotion) {}
