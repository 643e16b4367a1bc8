/** Placeholder. */
@NullMarked
package dev.portage.mlflow;

import org.jspecify.annotations.NullMarked;
