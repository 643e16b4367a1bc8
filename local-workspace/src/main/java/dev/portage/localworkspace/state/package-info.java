/** What outlives the process: documents on disk. */
@NullMarked
package dev.portage.localworkspace.state;

import org.jspecify.annotations.NullMarked;
