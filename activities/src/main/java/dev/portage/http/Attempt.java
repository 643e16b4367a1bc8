package dev.portage.http;

/**
 * What is being asked of whom, in the words of a failure's message.
 *
 * @param tried as "create a version of churn"
 * @param where as "workspace prod"
 */
public record Attempt(String tried, String where) {}
