/**
 * Databricks workspaces: their jobs, compute and warehouses, by databricks-sdk-java on our own way
 * out to the network. What its errors mean stands in {@link
 * dev.portage.databricks.DatabricksErrors}.
 */
@NullMarked
package dev.portage.databricks;

import org.jspecify.annotations.NullMarked;
