/**
 * Access that a server grants to an object store: signed URLs or credentials, each used for part of
 * its lifetime, and the calls made with them.
 */
@NullMarked
package dev.portage.store.signed;

import org.jspecify.annotations.NullMarked;
