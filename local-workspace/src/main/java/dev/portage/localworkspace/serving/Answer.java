package dev.portage.localworkspace.serving;

/**
 * A served model's answer.
 *
 * @param by the name it is served by
 * @param status the HTTP status
 * @param type its content type
 */
public record Answer(String by, int status, String type, byte[] body) {}
