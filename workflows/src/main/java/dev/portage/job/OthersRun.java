package dev.portage.job;

/**
 * A run of a scoring job that another promotion began, and that has not ended.
 *
 * @param run the run
 * @param promotion id of the promotion that it says
 */
public record OthersRun(RunRef run, String promotion) {}
