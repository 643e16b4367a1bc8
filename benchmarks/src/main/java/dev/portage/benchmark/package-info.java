/** Measures the copy: compared with other tools, and with the most the servers can do. */
@NullMarked
package dev.portage.benchmark;

import org.jspecify.annotations.NullMarked;
