/** One promotion, reported as it happens. */
@NullMarked
package dev.portage.sandbox.demo;

import org.jspecify.annotations.NullMarked;
