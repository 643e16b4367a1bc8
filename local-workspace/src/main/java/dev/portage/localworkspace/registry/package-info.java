/** MLflow tracking, registry and artifacts: a streaming way through to a real MLflow server. */
@NullMarked
package dev.portage.localworkspace.registry;

import org.jspecify.annotations.NullMarked;
