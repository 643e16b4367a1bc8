/** Each fault at each step of what changes production, on real servers, and the page about it. */
@NullMarked
package dev.portage.sandbox.failures;

import org.jspecify.annotations.NullMarked;
