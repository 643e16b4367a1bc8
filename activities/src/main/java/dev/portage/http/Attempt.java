package dev.portage.http;

/**
 * What is requested from whom, as a failure's message says it.
 *
 * @param tried such as "create a version of churn"
 * @param where such as "workspace prod"
 */
public record Attempt(String tried, String where) {}
