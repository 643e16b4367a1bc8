/** Requests for a decision, the decisions, and who may make them. */
@NullMarked
package dev.portage.approval;

import org.jspecify.annotations.NullMarked;
