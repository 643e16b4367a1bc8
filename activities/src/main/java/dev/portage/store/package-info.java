/**
 * Where the files of models lie, and how they are reached: what a store is, and beside it a package
 * for each protocol. What a store can do is found out by asking it. Nothing here knows what is
 * copied, or why.
 */
@NullMarked
package dev.portage.store;

import org.jspecify.annotations.NullMarked;
