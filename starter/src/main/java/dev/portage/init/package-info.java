/** Setting up a repository: what is there already, and the promotion.yaml that follows from it. */
@NullMarked
package dev.portage.init;

import org.jspecify.annotations.NullMarked;
