/** The archives that people download: what is in them, and how they are packed. */
@NullMarked
package dev.portage.distribution;

import org.jspecify.annotations.NullMarked;
