/**
 * The log of a workspace: what was made live there, taken back, frozen and lifted, by whom and why,
 * kept in the workspace itself.
 */
@NullMarked
package dev.portage.history;

import org.jspecify.annotations.NullMarked;
