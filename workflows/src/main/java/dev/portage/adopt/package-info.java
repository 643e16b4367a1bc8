/**
 * Adopting: what is live in a workspace already becomes the first release that Portage has recorded
 * there.
 */
@NullMarked
package dev.portage.adopt;

import org.jspecify.annotations.NullMarked;
