/**
 * The watch of a released version: a workflow of its own looks at it for hours after the promotion
 * has ended, takes it back by itself if it breaks a limit, and then holds promotions of the model.
 */
@NullMarked
package dev.portage.livewatch;

import org.jspecify.annotations.NullMarked;
