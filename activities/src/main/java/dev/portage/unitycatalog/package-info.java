/**
 * Registered models of Unity Catalog in a Databricks workspace, whose names have three parts and
 * whose versions have files of their own: a version is created, filled, finished.
 */
@NullMarked
package dev.portage.unitycatalog;

import org.jspecify.annotations.NullMarked;
