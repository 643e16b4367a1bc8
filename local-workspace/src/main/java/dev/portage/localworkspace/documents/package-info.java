/** What a workspace keeps on disk from start to start. */
@NullMarked
package dev.portage.localworkspace.documents;

import org.jspecify.annotations.NullMarked;
