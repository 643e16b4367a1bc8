/** Notebooks run as jobs of a workspace: training, checks and batch scoring. */
@NullMarked
package dev.portage.job;

import org.jspecify.annotations.NullMarked;
