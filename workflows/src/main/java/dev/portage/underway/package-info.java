/**
 * Promotions of one registered model that are under way at the same time: which of them goes on.
 */
@NullMarked
package dev.portage.underway;

import org.jspecify.annotations.NullMarked;
