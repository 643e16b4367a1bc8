/** The Files API of a Databricks workspace: files of model versions and of volumes. */
@NullMarked
package dev.portage.store.filesapi;

import org.jspecify.annotations.NullMarked;
