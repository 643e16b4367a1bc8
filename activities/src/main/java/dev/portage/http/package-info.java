/**
 * The only HTTP client: sets proxies, trusted authorities and time limits in one place, and turns
 * every remote system's errors into failures by the same rules.
 */
@NullMarked
package dev.portage.http;

import org.jspecify.annotations.NullMarked;
