/**
 * Where models' files are stored and how to access them: what a store is, and a package for each
 * protocol. A store's capabilities are found by probing it. Nothing here knows what is copied, or
 * why.
 */
@NullMarked
package dev.portage.store;

import org.jspecify.annotations.NullMarked;
