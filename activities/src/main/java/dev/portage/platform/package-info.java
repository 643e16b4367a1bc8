/**
 * The platform file: workspaces, logins and who approves; and what it makes of a {@code
 * promotion.yaml}.
 */
@NullMarked
package dev.portage.platform;

import org.jspecify.annotations.NullMarked;
