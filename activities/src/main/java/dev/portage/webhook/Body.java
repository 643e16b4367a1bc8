package dev.portage.webhook;

/**
 * The body of a request.
 *
 * @param contentType its media type
 * @param bytes what is sent, and signed
 */
@SuppressWarnings("ArrayRecordComponent") // Only handed on, never compared.
record Body(String contentType, byte[] bytes) {}
