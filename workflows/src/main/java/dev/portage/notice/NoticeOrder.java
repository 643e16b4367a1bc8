package dev.portage.notice;

/**
 * Order to tell one receiver.
 *
 * @param receiver its name in the platform file
 * @param notice what to tell
 */
public record NoticeOrder(String receiver, Notice notice) {}
