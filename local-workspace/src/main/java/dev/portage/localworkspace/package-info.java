/**
 * A Databricks workspace for one machine: jobs, notebooks, SQL, files, and MLflow behind them. It
 * is written against Databricks' public API alone and depends on nothing else in this project, so
 * that it can't share its bugs.
 *
 * <p>Start with {@link dev.portage.localworkspace.LocalWorkspace}.
 */
@NullMarked
package dev.portage.localworkspace;

import org.jspecify.annotations.NullMarked;
