/** MLflow tracking, registry and artifacts: a streaming proxy to a real MLflow server. */
@NullMarked
package dev.portage.localworkspace.registry;

import org.jspecify.annotations.NullMarked;
