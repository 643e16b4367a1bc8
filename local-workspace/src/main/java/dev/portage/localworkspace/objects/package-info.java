/** The folders of a workspace: notebooks, files and experiments, by their paths. */
@NullMarked
package dev.portage.localworkspace.objects;

import org.jspecify.annotations.NullMarked;
