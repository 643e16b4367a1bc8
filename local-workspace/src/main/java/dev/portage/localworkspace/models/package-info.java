/** Registered models in Unity Catalog, as MLflow's client for it expects them, and their files. */
@NullMarked
package dev.portage.localworkspace.models;

import org.jspecify.annotations.NullMarked;
