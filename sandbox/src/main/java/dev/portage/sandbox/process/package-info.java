/** The sandbox's processes: detached from the terminal, and stopped with their whole group. */
@NullMarked
package dev.portage.sandbox.process;

import org.jspecify.annotations.NullMarked;
