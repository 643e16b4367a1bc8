package dev.portage.job;

/**
 * Asks for runs of a scoring job that another promotion began.
 *
 * @param workspace where the job lives
 * @param jobId the job
 * @param promotion id of the promotion that asks, whose own runs are not meant
 */
public record OthersQuery(String workspace, long jobId, String promotion) {}
