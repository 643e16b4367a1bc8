/** Compute that jobs can name: instance pools, node types, runtimes and policies. */
@NullMarked
package dev.portage.localworkspace.pools;

import org.jspecify.annotations.NullMarked;
