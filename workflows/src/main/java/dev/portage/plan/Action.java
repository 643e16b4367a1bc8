package dev.portage.plan;

/**
 * One change.
 *
 * @param step step that will make it, as "prod/champion"
 * @param what thing that changes, as "alias champion of churn in prod"
 * @param now how it is, as "version 3" or "nothing"
 * @param then how it will be, as "<new version>"
 */
public record Action(String step, String what, String now, String then) {}
