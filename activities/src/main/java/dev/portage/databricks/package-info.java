/**
 * Databricks workspaces: their jobs, compute and warehouses, through databricks-sdk-java on our own
 * HTTP client. {@link dev.portage.databricks.DatabricksErrors} says what its errors mean.
 */
@NullMarked
package dev.portage.databricks;

import org.jspecify.annotations.NullMarked;
