/**
 * Notices to people and systems of what became of a promotion: what a notice says, when a reminder
 * is due, and the workflow that delivers each notice without holding the promotion up.
 */
@NullMarked
package dev.portage.notice;

import org.jspecify.annotations.NullMarked;
