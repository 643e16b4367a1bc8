/** Copying and registering one version: as steps of a promotion, and by themselves. */
@NullMarked
package dev.portage.versioncopy;

import org.jspecify.annotations.NullMarked;
