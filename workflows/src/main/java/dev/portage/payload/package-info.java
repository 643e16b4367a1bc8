/**
 * How the records of a promotion travel through Temporal: one mapper, one data converter, shared by
 * every process.
 */
@NullMarked
package dev.portage.payload;

import org.jspecify.annotations.NullMarked;
