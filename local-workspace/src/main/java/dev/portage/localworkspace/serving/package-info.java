/**
 * Serves models for real: a process for each served version, kept running, and requests shared
 * among them. It knows no platform's API.
 */
@NullMarked
package dev.portage.localworkspace.serving;

import org.jspecify.annotations.NullMarked;
