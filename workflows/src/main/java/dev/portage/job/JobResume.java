package dev.portage.job;

/**
 * Order to let a scoring job start by itself again, as before it was paused. It needs no turn: a
 * job that another promotion has changed since is left alone.
 *
 * @param workspace where it lives
 * @param jobId the job
 * @param promotion id of the promotion that paused it
 */
public record JobResume(String workspace, long jobId, String promotion) {}
