/**
 * MLflow's tracking server and registry over REST: a thin client of our own, and the activities
 * that find runs and manage versions.
 */
@NullMarked
package dev.portage.mlflow;

import org.jspecify.annotations.NullMarked;
