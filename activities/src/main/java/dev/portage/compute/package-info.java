/**
 * What tasks run on, as the platform file says it: serverless compute or clusters, and libraries.
 */
@NullMarked
package dev.portage.compute;

import org.jspecify.annotations.NullMarked;
