/**
 * Orders about workspaces: freeze them, end that, lift a candidate out of quarantine. Whoever gives
 * one has no login for a workspace; its workers carry it out.
 */
@NullMarked
package dev.portage.order;

import org.jspecify.annotations.NullMarked;
