/** Copying and registering one version: as steps of a promotion, or alone. */
@NullMarked
package dev.portage.versioncopy;

import org.jspecify.annotations.NullMarked;
