/** Long bodies over HTTP, as stores send and accept them, and what object stores' errors mean. */
@NullMarked
package dev.portage.store.http;

import org.jspecify.annotations.NullMarked;
