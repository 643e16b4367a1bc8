/** Real MLflow servers. */
@NullMarked
package dev.portage.sandbox.mlflow;

import org.jspecify.annotations.NullMarked;
