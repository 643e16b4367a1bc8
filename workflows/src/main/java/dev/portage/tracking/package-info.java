/** Runs of the MLflow tracking server: finding the trained one, reading its contents. */
@NullMarked
package dev.portage.tracking;

import org.jspecify.annotations.NullMarked;
