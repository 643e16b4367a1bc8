/**
 * Long bodies over HTTP as stores send and take them, and what object stores mean by their errors.
 */
@NullMarked
package dev.portage.store.http;

import org.jspecify.annotations.NullMarked;
