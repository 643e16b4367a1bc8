/** Registered models: versions, the champion, aliases and stages. */
@NullMarked
package dev.portage.registry;

import org.jspecify.annotations.NullMarked;
