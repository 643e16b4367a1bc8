/** The Files API for volumes. */
@NullMarked
package dev.portage.localworkspace.files;

import org.jspecify.annotations.NullMarked;
