/** Runs of the MLflow tracking server: finding the one that was trained, reading what it holds. */
@NullMarked
package dev.portage.tracking;

import org.jspecify.annotations.NullMarked;
