/** The connection to Temporal: configured by its own settings, or to the sandbox of this folder. */
@NullMarked
package dev.portage.connection;

import org.jspecify.annotations.NullMarked;
