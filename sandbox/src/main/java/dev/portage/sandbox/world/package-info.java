/** Everything a promotion needs on one machine: what runs, where, and with whose secrets. */
@NullMarked
package dev.portage.sandbox.world;

import org.jspecify.annotations.NullMarked;
