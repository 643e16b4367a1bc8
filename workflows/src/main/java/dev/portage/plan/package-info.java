/** What a hop will change, shown before anyone is asked. */
@NullMarked
package dev.portage.plan;

import org.jspecify.annotations.NullMarked;
