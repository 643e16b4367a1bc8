/** Databricks' serving endpoints: their API over the models that are served. */
@NullMarked
package dev.portage.localworkspace.endpoints;

import org.jspecify.annotations.NullMarked;
