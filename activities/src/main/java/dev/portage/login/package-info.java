/**
 * Logins: what the platform file says of them ({@link dev.portage.login.LoginSettings}), and the
 * credentials made of that, which sign requests.
 */
@NullMarked
package dev.portage.login;

import org.jspecify.annotations.NullMarked;
