/** The portage command: what people and pipelines type. */
@NullMarked
package dev.portage.command;

import org.jspecify.annotations.NullMarked;
