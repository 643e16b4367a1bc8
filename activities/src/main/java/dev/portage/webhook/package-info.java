/**
 * Notices as HTTP requests: what each kind of receiver takes, signed, to an address that is a
 * secret.
 */
@NullMarked
package dev.portage.webhook;

import org.jspecify.annotations.NullMarked;
