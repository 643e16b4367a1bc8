package dev.portage.job;

/**
 * Order to put a job back to what it was before a change.
 *
 * @param workspace where it lives
 * @param change what was done; put back only while the job still is as that change left it
 */
public record JobUndo(String workspace, JobChange change) {}
