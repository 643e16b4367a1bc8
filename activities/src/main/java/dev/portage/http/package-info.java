/**
 * The one way out to the network: proxies, trusted authorities and time limits are set here once,
 * and every remote system's answers become failures by the same rules.
 */
@NullMarked
package dev.portage.http;

import org.jspecify.annotations.NullMarked;
