/**
 * Artifacts of runs and logged models, as Databricks serves them: listings, and credentials for
 * signed URLs.
 */
@NullMarked
package dev.portage.localworkspace.artifacts;

import org.jspecify.annotations.NullMarked;
