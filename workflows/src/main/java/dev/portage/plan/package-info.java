/** What a hop will change, shown before anybody is asked. */
@NullMarked
package dev.portage.plan;

import org.jspecify.annotations.NullMarked;
