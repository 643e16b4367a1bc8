/** One model on its way along a path of workspaces. */
@NullMarked
package dev.portage.promotion;

import org.jspecify.annotations.NullMarked;
