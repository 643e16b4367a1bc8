/** A promotion as a page, for a terminal and as Markdown. */
@NullMarked
package dev.portage.page;

import org.jspecify.annotations.NullMarked;
