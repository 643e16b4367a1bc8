/** Runs notebooks and Python files for real, each in a process of its own. */
@NullMarked
package dev.portage.localworkspace.notebooks;

import org.jspecify.annotations.NullMarked;
