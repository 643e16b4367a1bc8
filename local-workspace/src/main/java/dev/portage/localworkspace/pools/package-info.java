/** Compute that can be named: instance pools and runtime versions. */
@NullMarked
package dev.portage.localworkspace.pools;

import org.jspecify.annotations.NullMarked;
