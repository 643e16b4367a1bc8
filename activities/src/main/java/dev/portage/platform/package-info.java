/**
 * The platform file: workspaces, logins and approvers; and how it is merged with a {@code
 * promotion.yaml}.
 */
@NullMarked
package dev.portage.platform;

import org.jspecify.annotations.NullMarked;
