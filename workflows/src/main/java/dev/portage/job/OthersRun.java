package dev.portage.job;

/**
 * An active run of a scoring job that another promotion started.
 *
 * @param run the run
 * @param promotion id of the promotion that it says
 */
public record OthersRun(RunRef run, String promotion) {}
