/**
 * Access that a server grants to an object store: signed addresses or credentials, each used for a
 * part of its time, and the calls made with them.
 */
@NullMarked
package dev.portage.store.signed;

import org.jspecify.annotations.NullMarked;
