/**
 * Registered models of Unity Catalog in a Databricks workspace, whose names have three parts and
 * whose versions have their own files: a version is created, filled and finalized.
 */
@NullMarked
package dev.portage.unitycatalog;

import org.jspecify.annotations.NullMarked;
